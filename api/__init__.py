"""Floor 5, a door: JSON."""
