"""What a session sounds like, in figures and pictures."""
