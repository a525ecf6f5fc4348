"""Pages of the insurer: neutral requests under its own policies, its decisions, and what it has to pay."""
