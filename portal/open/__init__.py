"""Pages for whoever pays or manages; never imports `medical`."""
