"""JSON for whoever pays or manages, and for everybody what holds no health data; never imports `medical`."""
