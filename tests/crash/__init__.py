"""The crash matrix: a real till, a real hub, and `kill -9` at every instant that matters."""
