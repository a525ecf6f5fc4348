"""A stand-in for Stripe that keeps state, and the contract that every gateway passes."""
