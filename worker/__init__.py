"""Floor 5, a door: time."""
