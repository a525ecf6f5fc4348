"""What the arbodienst charges on: runs, terms, services and the overview of costs."""
