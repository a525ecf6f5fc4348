"""The file of a backup: whatever is changed, moved, left out or cut off is found, and nothing in it can be read."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import backup_file
from core.backup_file import LENGTH, MAGIC, NAME, SALT, DamagedBackup, check, read, write

KEY = bytes(range(32))
HEAD = len(MAGIC) + NAME + SALT


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few bytes each, so that a short text has many."""
    monkeypatch.setattr(backup_file, "PIECE", 16)


def sealed(content: bytes) -> bytes:
    out = BytesIO()
    assert write(out, KEY, iter([content])) == len(out.getvalue())
    return out.getvalue()


def placed(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "one.backup"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 32, 1000])
def test_what_goes_in_comes_out(tmp_path: Path, length: int) -> None:
    content = bytes(n % 251 for n in range(length))
    file = placed(tmp_path, sealed(content))
    assert b"".join(read(file, KEY)) == content
    assert check(file, KEY) == length


def test_two_backups_of_the_same_have_nothing_in_common() -> None:
    one, other = (sealed(b"Wendy Jansen, burn-out" * 4)[HEAD:] for _time in range(2))
    assert b"Wendy" not in one + other
    assert not any(one[n : n + 16] in other for n in range(LENGTH.size, len(one) - 16, 16))


@given(st.data())
def test_one_bit_is_enough(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = sealed(bytes(100))
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(DamagedBackup):
        check(placed(tmp_path_factory.mktemp("bit"), bytes(changed)), KEY)


def test_wherever_it_is_cut_off(tmp_path: Path) -> None:
    whole = sealed(bytes(100))
    for length in range(len(whole)):
        with pytest.raises(DamagedBackup):
            check(placed(tmp_path, whole[:length]), KEY)
    with pytest.raises(DamagedBackup, match="after its end"):
        check(placed(tmp_path, whole + b"x"), KEY)


def test_pieces_stay_in_their_order_and_their_file(tmp_path: Path) -> None:
    one, other = sealed(bytes(64)), sealed(bytes(64))
    size = LENGTH.size + 32
    pieces = [one[HEAD:][n : n + size] for n in range(0, 4 * size, size)]
    swapped = one[:HEAD] + pieces[1] + pieces[0] + b"".join(pieces[2:])
    mixed = one[:HEAD] + pieces[0] + other[HEAD + size :]
    short = one[:HEAD] + b"".join(pieces[1:])
    for wrong in (swapped, mixed, short):
        with pytest.raises(DamagedBackup):
            check(placed(tmp_path, wrong), KEY)


def test_it_says_when_the_key_is_another_or_the_file_is_none(tmp_path: Path) -> None:
    with pytest.raises(DamagedBackup, match="another key"):
        check(placed(tmp_path, sealed(b"x")), bytes(32))
    with pytest.raises(DamagedBackup, match="no backup"):
        check(placed(tmp_path, b"PGDMP" + bytes(200)), KEY)
