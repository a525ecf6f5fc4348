"""Rooms that one would live in: short functions, short files, short templates (DESIGN 5)."""

import ast

from tests.house.sources import ROOT, TEMPLATES, functions, lines_of, modules, percentile


def test_functions_are_short() -> None:
    sizes = [lines_of(function) for _file, function in functions()]
    long = [f"{file.relative_to(ROOT)}:{f.lineno} {f.name}" for file, f in functions() if lines_of(f) > 60]
    assert long == []
    assert percentile(sizes, 50) <= 10
    assert percentile(sizes, 90) <= 30


def test_files_are_short() -> None:
    sizes = {file: file.read_text(encoding="utf-8").count("\n") + 1 for file in modules()}
    assert [str(file.relative_to(ROOT)) for file, size in sizes.items() if size > 400] == []
    assert percentile(list(sizes.values()), 90) <= 200


def test_files_of_tests_are_short() -> None:
    sizes = {file: file.read_text(encoding="utf-8").count("\n") + 1 for file in (ROOT / "tests").rglob("*.py")}
    assert [str(file.relative_to(ROOT)) for file, size in sizes.items() if size > 400] == []


def test_templates_are_short() -> None:
    files = sorted(TEMPLATES.rglob("*.html"))
    assert files
    assert [str(f.relative_to(ROOT)) for f in files if f.read_text(encoding="utf-8").count("\n") > 100] == []


def test_every_module_says_what_it_is() -> None:
    assert [str(file.relative_to(ROOT)) for file, module in modules().items() if not ast.get_docstring(module)] == []


def test_there_is_no_cellar() -> None:
    assert [file for file in modules() if file.stem in ("utils", "helpers", "misc", "common")] == []


def test_migrations_folder_does_not_shadow_the_library() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists()
