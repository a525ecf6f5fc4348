"""An employer's budget: up to where nobody has to ask, and the requests above it."""
