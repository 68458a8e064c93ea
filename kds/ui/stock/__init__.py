"""Stock levels and what is out."""
