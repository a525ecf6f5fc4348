"""The part of the portal that belongs to the account: signing in and out, and the language."""
