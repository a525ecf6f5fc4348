"""Pages of the medical secretariat: provider invoices to judge, and what is charged onward without health data."""
