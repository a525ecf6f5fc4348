"""Pages of the employer: what it costs, what there is to pay, and his own Poortwachter steps; no health data."""
