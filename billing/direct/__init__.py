"""Contracts of an employer with its own providers."""
