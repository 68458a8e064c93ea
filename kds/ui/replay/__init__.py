"""A past service on the same board, read-only: to train, to settle who did what, to find jams."""
