"""Nothing is lost and nothing is doubled, whatever is killed, cut, filled or slowed down while people work."""
