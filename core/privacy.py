"""What a table holds. Each table says so, and a test holds it against the schema in which the table lives."""

from enum import StrEnum


class PrivacyClass(StrEnum):
    """Privacy class of a table, from public facts to health data."""

    PUBLIC = "public"  # facts anybody may know: the taxonomy
    BUSINESS = "business"  # facts about organisations: offerings, prices, invoices
    PERSONAL = "personal"  # facts about a person that say nothing of his health
    CREDENTIAL = "credential"  # hashes of passwords and tokens
    HEALTH = "health"  # health data in the widest sense; in schema `medical`, and only there
