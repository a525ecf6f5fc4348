"""Floor 3: finding offerings."""
