"""How the kitchen is set up: stations, order types, the pass, and how long dishes take."""
