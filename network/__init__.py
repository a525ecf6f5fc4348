"""Floor 1: organisations' contracts, registrations, offerings, taxonomy and waits."""
