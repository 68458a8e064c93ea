"""The composition root: command line, profiles, logs, and the wiring of everything below."""
