"""Soak: a long rush through one real kitchen window; what it holds must stay the same."""
