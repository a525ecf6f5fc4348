"""Floor 5, a door: HTML."""
