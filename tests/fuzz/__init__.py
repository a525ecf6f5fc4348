"""Nonsense, and a great deal of it: for the API as every role, and for what reads files and searches."""
