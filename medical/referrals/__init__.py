"""Referrals: how one is drawn up, issued, answered, carried out and ended, and what goes with it."""
