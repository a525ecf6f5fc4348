"""Old and new code serve side by side while versions are rolled out, so a migration takes nothing away from the old.

What is dangerous is named here. One that is needed all the same says why in its docstring, after "Safe because:".
"""

import ast
from pathlib import Path

import pytest

from tests.house.sources import ROOT

BEFORE_THE_FIRST_RELEASE = {"0000_jobs.py", "0001_tables.py", "0002_wall.py"}
TAKES_AWAY = {"drop_column", "drop_table", "rename_table", "drop_constraint"}
EXCUSE = "Safe because:"


def dangers(module: ast.Module) -> list[str]:
    """Return what in `upgrade` breaks the old code, or holds up whoever works while it runs."""
    upgrade = [node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade"]
    calls = [node for each in upgrade for node in ast.walk(each) if isinstance(node, ast.Call)]
    return [found for call in calls for found in dangers_of(call)]


def dangers_of(call: ast.Call) -> list[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    found = []
    if name in TAKES_AWAY:
        found.append(f"{name}: the old code still uses it; take it away one version later")
    if name == "alter_column" and ({"new_column_name", "type_"} & set(given) or given.get("nullable") == "False"):
        found.append("alter_column: add a new column, fill it, and move over to it in a later version")
    if name == "add_column" and "nullable=False" in ast.unparse(call) and "server_default" not in ast.unparse(call):
        found.append("add_column: the old code leaves it empty; give it a server_default")
    if name == "create_index" and given.get("postgresql_concurrently") != "True":
        found.append("create_index: writers wait; make it concurrently, in an autocommit_block")
    if name in {"create_foreign_key", "create_check_constraint"} and given.get("postgresql_not_valid") != "True":
        found.append(f"{name}: every row is read under a lock; make it not valid first, and validate it afterwards")
    if name == "execute" and "UPDATE " in ast.unparse(call).upper():
        found.append("execute: rows stay locked to the end; fill in pieces, in a job")
    return found


def test_migrations_let_old_and_new_code_serve_side_by_side() -> None:
    found = {}
    for file in sorted((ROOT / "alembic" / "versions").glob("[0-9]*.py")):
        module = ast.parse(file.read_text(encoding="utf-8"))
        if file.name not in BEFORE_THE_FIRST_RELEASE and EXCUSE not in (ast.get_docstring(module) or ""):
            found[file.name] = dangers(module)
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("act", "many"),
    [
        ("op.drop_column('invoice', 'note', schema='billing')", 1),
        ("op.alter_column('invoice', 'note', nullable=False)", 1),
        ("op.alter_column('invoice', 'note', new_column_name='remark')", 1),
        ("op.alter_column('invoice', 'note', nullable=True)", 0),
        ("op.add_column('invoice', sa.Column('x', sa.Text(), nullable=False))", 1),
        ("op.add_column('invoice', sa.Column('x', sa.Text(), nullable=False, server_default=''))", 0),
        ("op.add_column('invoice', sa.Column('x', sa.Text(), nullable=True))", 0),
        ("op.create_index('ix', 'invoice', ['x'])", 1),
        ("op.create_index('ix', 'invoice', ['x'], postgresql_concurrently=True)", 0),
        ("op.create_foreign_key('fk', 'a', 'b', ['x'], ['id'])", 1),
        ("op.create_check_constraint('ck', 'a', 'x > 0', postgresql_not_valid=True)", 0),
        ("op.execute('update billing.invoice SET note = NULL')", 1),
        ("op.create_table('new', sa.Column('x', sa.Text(), nullable=False))", 0),
    ],
)
def test_what_is_dangerous_is_found(act: str, many: int) -> None:
    assert len(dangers(ast.parse(f"def upgrade() -> None:\n    {act}\n"))) == many


def test_the_files_before_the_first_release_are_there() -> None:
    assert all(Path(ROOT, "alembic", "versions", name).is_file() for name in BEFORE_THE_FIRST_RELEASE)
