"""Pages of the medical side."""
