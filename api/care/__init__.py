"""JSON for the medical side."""
