"""Pages of the case manager on the employer's side: the steps, open interventions, co-financing; no health data."""
