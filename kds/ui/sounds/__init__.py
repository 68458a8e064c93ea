"""What a screen sounds like, and what it says when it cannot be heard."""
