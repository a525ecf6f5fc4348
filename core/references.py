"""Short numbers by which people call a case or a referral; random, so that they tell neither order nor volume."""

import secrets

# Crockford's base 32: no I, L, O and U, so that nothing is misread over the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8


def random_number(prefix: str) -> str:
    """Return a number of 40 random bits, such as "Z-7K3Q9F2M" for prefix "Z" (rules 2.3, L11)."""
    return f"{prefix}-{''.join(secrets.choice(ALPHABET) for _position in range(LENGTH))}"
