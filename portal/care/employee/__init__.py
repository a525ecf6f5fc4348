"""Pages of an employee about himself: absence, interventions, consents, and what was shared with whom."""
