"""The pass: every order with all its stations, and the last bump."""
