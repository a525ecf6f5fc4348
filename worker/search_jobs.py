"""Jobs that run what somebody saved, as himself: saved searches are read on the medical side alone."""

from core.database import Database, Door
from search.engines import engine_for
from search.searches_watch import refresh_news, watched_searches
from worker.stage import acting, tenants


def watch_searches(database: Database) -> None:
    """Look once a day whether something better has come on top of the searches that warn."""
    engine = engine_for(database.settings)
    for tenant_id in tenants(database):
        with acting(database, Door.CARE, tenant_id) as (session, actor):
            watched = watched_searches(session, actor)
        for search in watched:
            with database.transaction(Door.CARE, search.owner.context) as session:
                refresh_news(session, search.owner, engine, search.id)
