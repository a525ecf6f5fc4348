"""Floor 3: money: charges, invoices, co-financing and the ledger; never health data."""
