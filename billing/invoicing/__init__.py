"""Invoices and credit notes that the arbodienst issues, and the documents that they are."""
