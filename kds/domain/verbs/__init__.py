"""The verbs, one function a command kind: `(draft, args) -> None`, or why not."""
