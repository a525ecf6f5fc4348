"""The wall: roles, logins, grants, row-level security, and triggers that raw SQL cannot pass either."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql"
FILES = (
    "roles.sql",
    "context.sql",
    "sign_in.sql",
    "second_factor.sql",
    "allowance.sql",
    "jobs.sql",
    "policies.sql",
    "separation.sql",
    "publication.sql",
    "spells.sql",
    "referral.sql",
    "matching.sql",
    "invoices_in.sql",
    "authority.sql",
    "slots.sql",
    "append_only.sql",
    "anchors.sql",
    "ledger.sql",
    "books.sql",
    "dunning.sql",
    "direct.sql",
    "money.sql",
    "rehearsals.sql",
    "cofinancing.sql",
    "budget.sql",
    "estimates.sql",
    "satisfaction.sql",
    "insurer_reports.sql",
    "credit.sql",
    "payments.sql",
    "payables.sql",
    "keeper.sql",
    "links.sql",
    "provider_links.sql",
    "operation.sql",
    "catalogue.sql",
    "emergency.sql",
    "retention.sql",
    "leaving.sql",
    "keys.sql",
    "believed.sql",
)


def upgrade() -> None:
    """Run each file of the wall, in order."""
    connection = op.get_bind().connection.driver_connection
    for name in FILES:
        connection.execute((SQL / name).read_text(encoding="utf-8"))


def downgrade() -> None:
    """Nobody takes the wall down: restore a backup instead."""
    raise NotImplementedError("the wall is not taken down; restore a backup from before it")
