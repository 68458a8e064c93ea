"""The durable side of a terminal: replica, outbox, and the engine that keeps both up to date."""
