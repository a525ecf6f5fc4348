"""Floor 4, the walled room: every piece of health data, and nothing else."""
