"""Invoices of providers: how they come in, are held against what was agreed, judged and owed."""
