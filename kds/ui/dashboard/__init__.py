"""The day in figures."""
