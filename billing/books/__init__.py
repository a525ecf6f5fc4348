"""The books: ledger, statements, reminders and what the bookkeeper takes along."""
