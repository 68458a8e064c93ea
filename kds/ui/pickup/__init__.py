"""The board that guests look at: which orders are being made, and which are ready."""
