"""Pages of the occupational physician and of whoever prepares for him."""
