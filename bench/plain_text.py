"""The base line: PostgreSQL's own full text search over the same fields, with the same filters, and nothing else."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, text

from core.database import Database
from search.document import OfferingDocument
from search.query import SearchQuery

CREATE = text(
    "CREATE TEMPORARY TABLE plain (id uuid, tenant_id uuid, causes text[], years int[], wait int, words tsvector)"
)
FILL = text(
    "INSERT INTO plain VALUES (:id, :tenant_id, :causes, :years, :wait,"
    " setweight(to_tsvector('dutch', :heading), 'A') || setweight(to_tsvector('dutch', :body), 'B'))"
)
ASK = text(
    "SELECT id FROM plain, websearch_to_tsquery('dutch', :q) AS question"
    " WHERE tenant_id = :tenant_id AND (:q = '' OR words @@ question)"
    " AND (cardinality(CAST(:causes AS text[])) = 0 OR causes && CAST(:causes AS text[]))"
    " AND (CAST(:year AS int) IS NULL OR :year = ANY (years)) AND (CAST(:wait AS int) IS NULL OR wait <= :wait)"
    " ORDER BY ts_rank(words, question) DESC, wait, id LIMIT :page_size"
)


class PlainText:
    """Full text search as PostgreSQL has it."""

    def __init__(self, connection: Connection, documents: Iterable[OfferingDocument]) -> None:
        """Put up a table with these offerings, for as long as the connection lasts."""
        self._connection = connection
        connection.execute(CREATE)
        connection.execute(FILL, [_row(document) for document in documents])

    def ask(self, query: SearchQuery) -> list[UUID]:
        """Return the first results."""
        values = {
            "q": query.q,
            "tenant_id": query.tenant_id,
            "causes": list(query.cause),
            "year": query.sickness_year,
            "wait": query.max_wait_days,
            "page_size": query.page_size,
        }
        return list(self._connection.scalars(ASK, values))


@contextmanager
def plain_text(database: Database, documents: Iterable[OfferingDocument]) -> Iterator[PlainText]:
    """Search these offerings until the block ends; nothing of it is kept."""
    with database.owner.connect() as connection:
        yield PlainText(connection, documents)


def _row(document: OfferingDocument) -> dict[str, object]:
    return {
        "id": document.offering_id,
        "tenant_id": document.tenant_id,
        "causes": list(document.causes),
        "years": list(document.sickness_years),
        "wait": document.wait_days,
        "heading": " ".join(document.heading),
        "body": " ".join(document.body),
    }
