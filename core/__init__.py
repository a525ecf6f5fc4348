"""Floor 0: plumbing without a business word."""
