"""What needs a person: refused and contradicted taps, and the decision about each."""
