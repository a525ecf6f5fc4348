"""Floor 2: absence cases without health data: weeks, the Poortwachter clock, mandates, consents."""
