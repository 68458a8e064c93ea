"""The signed-in device: what it knows (store), can do (actions), and who else is here (live)."""
