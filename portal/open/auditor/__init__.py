"""Pages of the data protection officer: who did what and when, and the proof that nothing was changed."""
