"""What an operator does: backups, restores, going back in time, migrations while people work."""
