"""The policy as a page for people: docs/roles.md is made of it, and a test keeps the two the same."""

from identity.policy import Permission
from identity.roles import Role

SHORT = {
    Role.PHYSICIAN: "BA",
    Role.DELEGATE: "CMTD",
    Role.SECRETARY: "SEC",
    Role.PROVIDER: "PRO",
    Role.NETWORK_MANAGER: "NET",
    Role.CASE_MANAGER: "CM-WG",
    Role.EMPLOYER: "WG",
    Role.INSURER: "VZ",
    Role.EMPLOYEE: "WN",
    Role.AUDITOR: "FG",
}
HEAD = """# Who may do what

Made by `make docs` from `identity/policy.py`; a test fails when the two differ. BA: occupational physician
(bedrijfsarts), CMTD: delegate, SEC: medical secretariat, PRO: provider, NET: network manager, CM-WG: case manager of
the employer, WG: employer, VZ: insurer, WN: employee, FG: auditor (data protection officer). The table says the coarse
rule; whose case, whose referral and whose invoice is decided per use case and by row-level security.

"""


def policy_page() -> str:
    """Return the page: one row for each permission, one column for each role."""
    header = f"| | {' | '.join(SHORT.values())} |"
    rule = f"|---|{'---|' * len(SHORT)}"
    rows = [
        f"| {permission.sentence} | {' | '.join('x' if role in permission.roles else '' for role in SHORT)} |"
        for permission in Permission
    ]
    return HEAD + "\n".join((header, rule, *rows)) + "\n"
