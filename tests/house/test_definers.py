"""Functions of the database that run with another's rights: each stands here with its reason, and cannot be misled."""

import pytest
from sqlalchemy import text

from core.database import Database, Door

DEFINERS = {
    "app.session_member": "finds whose a cookie is, before it is known within which tenant to look",
    "app.token_member": "finds whose a token is, before it is known within which tenant to look",
    "app.calendar_member": "finds whose the secret address of a calendar is",
    "app.tenants": "names every tenant, for jobs that do their round of all",
    "app.accept_invitation": "makes somebody a member who has signed in and is not one yet",
    "app.defer_job": "puts a job in the queue, which the doors cannot see",
    "app.take_allowance": "counts how much is asked in a minute, before it is known who asks",
    "app.check_booking": "sums a transaction of the ledger whole, whoever sees which entries of it",
    "app.refuse_closed_month": "knows of closed months, whoever books",
    "app.receive_gateway_message": "keeps what a payment provider sends, before it is known to which tenant it belongs",
    "app.place_gateway_messages": "finds the tenant of such a message once its payment is known",
    "app.sealing_lag": "tells how far behind the sealing is, of every tenant",
    "app.failed_jobs": "counts, for the secretariat, the jobs of its own arbodienst that gave up, without an id",
    "app.operation_state": "counts jobs and backups for the figures of the operation, without an id",
    "app.remove_log": "takes away the oldest events of the trail, checks their term and writes the certificate (R71)",
    "billing.remove_references": "takes employees' references off invoices, checks their term and certifies it",
    "cases.absences_past_term": "finds whose absence has passed its term",
    "cases.remove_absences": "takes absences away, checks their term and writes the certificate",
    "medical.files_past_term": "finds which medical files have passed their term",
    "medical.remove_files": "takes medical files away, checks their term and writes the certificate",
    "medical.invoices_of": "finds the invoices of a case and those that they replaced, to destroy their keys",
    "medical.papers_past_term": "finds which papers without a file have passed their term",
    "medical.remove_papers": "takes them away, checks their term and writes the certificate",
    "identity.remove_accounts": "takes away what opened the accounts of who left, and certifies it",
    "identity.remove_persons": "takes away who somebody was when nothing names him any more, and certifies it",
    "cases.employer_may_know": "tells an employer whether an employee of his consented that he knows",
    "cases.open_emergency": "finds the case that a delegate must read in an emergency, where he cannot see it",
    "medical.referrals_to_match": "finds what an invoice that comes late is held against",
    "medical.destroy_keys": "destroys keys at the end of a term, for the system of the own arbodienst",
    "medical.tenant_keys": "lists the keys of every tenant for whoever wraps them anew",
    "medical.rewrap_tenant_key": "wraps the key of a tenant anew, as long as it stands as it was read",
    "medical.retire_tenant_key": "lets the key of a tenant wrap nothing new",
    "medical.add_tenant_key": "gives a tenant a new key",
    "medical.data_keys_under": "lists the keys of cases that rest on a retired one",
    "medical.rewrap_data_key": "wraps the key of a case anew, as long as it stands as it was read",
    "medical.destroy_tenant_key": "destroys a retired key on which nothing rests",
    "medical.sealed_under_others": "lists secrets of factors and kept answers under an older key, sealed as they are",
    "medical.seal_anew": "puts one of them under the newest key, as long as it stands as it was read",
}
ALLOWED = {
    Door.OPEN.role: {"app.defer_job", "cases.employer_may_know"},
    Door.OPEN.login: {"app.session_member", "app.token_member", "app.calendar_member", "app.take_allowance"},
    Door.SYSTEM_OPEN.login: {"app.tenants", "app.receive_gateway_message", "app.place_gateway_messages"},
}
"""What the open side may call of them: once it is somebody, and before."""

FOUND = text(
    "SELECT n.nspname || '.' || p.proname AS name, p.proconfig, r.rolname AS owner, r.rolsuper AS super, p.oid"
    " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner"
    " WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
)
CALLED_BY = text(
    "SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
    " WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    " AND has_function_privilege(:role, p.oid, 'EXECUTE') AND has_schema_privilege(:role, n.oid, 'USAGE')"
)
OPEN_TO_ALL = text(
    "SELECT p.oid::regprocedure::text FROM pg_proc p"
    " WHERE p.pronamespace = 'medical'::regnamespace AND has_function_privilege('public', p.oid, 'EXECUTE')"
)


def test_each_is_listed_with_its_reason(database: Database) -> None:
    """R22."""
    with database.owner.connect() as connection:
        assert {row.name for row in connection.execute(FOUND)} == set(DEFINERS)


def test_none_can_be_misled_by_what_the_caller_made(database: Database) -> None:
    """Unless temporary tables are named, they are looked through first, and their owner is whoever calls."""
    with database.owner.connect() as connection:
        paths = {row.name: (row.proconfig or [""])[0] for row in connection.execute(FOUND)}
    assert {name: path for name, path in paths.items() if not path.endswith("pg_catalog, pg_temp")} == {}


def test_none_runs_as_somebody_who_may_everything(database: Database) -> None:
    """R22."""
    with database.owner.connect() as connection:
        found = connection.execute(FOUND).all()
    assert {row.name for row in found if row.super} == set()
    assert {row.owner for row in found} <= {
        f"providerboog_{role}" for role in ("breaker", "keeper", "keyholder", "matcher", "remover", "teller")
    }


@pytest.mark.parametrize("role", sorted(ALLOWED))
def test_the_open_side_calls_few_of_them(database: Database, role: str) -> None:
    """R18."""
    with database.owner.connect() as connection:
        assert set(connection.execute(CALLED_BY, {"role": role}).scalars()) == ALLOWED[role]


def test_functions_of_the_medical_room_are_for_its_own_side(database: Database) -> None:
    """R18."""
    with database.owner.connect() as connection:
        assert connection.execute(OPEN_TO_ALL).scalars().all() == []


def test_nobody_who_signs_in_makes_temporary_tables(database: Database) -> None:
    query = text("SELECT has_database_privilege(:role, current_database(), 'TEMPORARY')")
    with database.owner.connect() as connection:
        may = {r for door in Door for r in (door.role, door.login) if connection.execute(query, {"role": r}).scalar()}
    assert may == set()
