"""Floor 1: accounts, roles, permissions, sign-in and the audit trail."""
