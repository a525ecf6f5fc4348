"""Damaged invoices, made-up questions and postcodes, half a file: read, or refused in a sentence."""

import random
import re
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzz.budget import IN_THE_SUITE, SECONDS
from tests.fuzz.readers import READ, READERS, REFUSED
from tests.house.sources import ROOT

pytestmark = pytest.mark.timeout(7_200)

TIMES = {"invoices": 400, "questions": 400, "postcodes": 400, "files": 100}
SLOWEST = 5.0  # seconds for one input, on a machine that does other things too
FEWEST = 10  # inputs a second, however slow the reader; fewer, and the fuzzer stood still
FIGURES = re.compile(r"stat::number_of_executed_units: (\d+)")
COVERED = re.compile(r"cov: (\d+)")


@pytest.mark.parametrize("name", READERS)
def test_what_is_damaged_is_read_or_refused(name: str) -> None:
    reader, seen = READERS[name], set()
    for nth in range(TIMES[name]):
        chance = random.Random(nth)
        content = reader.changed(chance, chance.choice(reader.seeds))
        began = time.monotonic()
        seen.add(reader.read(content))
        assert time.monotonic() - began < SLOWEST, content
    assert seen == {READ, REFUSED}


@pytest.mark.skipif(IN_THE_SUITE, reason="minutes, by make fuzz")
@pytest.mark.skipif(find_spec("atheris") is None, reason="the fuzzer is not made for this machine")
@pytest.mark.parametrize("name", READERS)
def test_where_coverage_leads_too(name: str, tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "tests.fuzz.guided", name, str(tmp_path), str(SECONDS)]
    said = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=ROOT)
    assert said.returncode == 0, said.stderr[-4_000:]
    executed, covered = int(FIGURES.findall(said.stderr)[-1]), COVERED.findall(said.stderr)
    sys.stdout.write(f"\n{name}: {executed} inputs, {covered[0]} places of the code at first, {covered[-1]} at last\n")
    assert executed > FEWEST * SECONDS
