"""The job queue of procrastinate, in a schema of its own."""

from procrastinate.schema import SchemaManager

from alembic import op

revision = "0000"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the queue's tables and functions as the library ships them."""
    connection = op.get_bind().connection.driver_connection
    connection.execute("CREATE SCHEMA jobs")
    connection.execute("SET LOCAL search_path = jobs")
    connection.execute(SchemaManager.get_schema())
    connection.execute("SET LOCAL search_path = public")


def downgrade() -> None:
    """Drop the queue with all that waits in it."""
    op.execute("DROP SCHEMA jobs CASCADE")
