"""A past service from the change log: its rows at any instant, who did what, where it jammed."""
