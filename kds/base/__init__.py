"""Vocabulary shared by every layer: clock, ids, money, events, errors."""
