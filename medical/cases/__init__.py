"""What the medical side knows of an absence case, and what stands on its lists."""
