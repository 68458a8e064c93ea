"""The restaurant's rules, pure: rows and commands in, rows and views out."""
