"""Pages of a provider on the medical side: what was referred to it, its reports and its invoices."""
