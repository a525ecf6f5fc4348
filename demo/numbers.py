"""Numbers for the demo that have the right form and check digits, and belong to nobody on purpose."""

from random import Random

from network.numbers import big, iban, vat_id


def make_iban(random: Random) -> str:
    """Return an IBAN with a bank code that is nobody's."""
    account = f"{random.randrange(10**10):010d}"
    as_digits = "".join(str(int(letter, 36)) for letter in f"DEMO{account}NL00")
    return iban(f"NL{98 - int(as_digits) % 97:02d}DEMO{account}")


def make_vat_id(random: Random) -> str:
    """Return a btw-id that passes the check of a legal entity."""
    while True:
        digits = [random.randrange(10) for _ in range(8)]
        check = sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=True)) % 11
        if check < 10 and digits[0]:
            return vat_id(f"NL{''.join(map(str, digits))}{check}B01")


def make_big(random: Random, profession: str) -> str:
    """Return a BIG number that ends with the code of a profession."""
    return big(f"{random.randrange(10**8, 10**9)}{profession}")


def make_digits(random: Random, length: int) -> str:
    """Return a number of `length` digits that does not begin with a zero."""
    return str(random.randrange(10 ** (length - 1), 10**length))
