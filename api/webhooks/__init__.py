"""Floor 5, a door: what the payment provider tells, signed by it."""
