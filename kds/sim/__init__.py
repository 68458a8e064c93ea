"""Simulated service: orders (seeded, or from a CSV of real ones) placed by real tills."""
