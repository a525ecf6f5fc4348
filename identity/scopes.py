"""What a token may be made for; a role bounds it further, as everywhere."""

from enum import StrEnum


class Scope(StrEnum):
    """One thing that a token is for."""

    READ = "read"
    ACT = "act"
    FAR_REACH = "far_reach"  # what asks a person for his second factor once more: mandates, money, exports
