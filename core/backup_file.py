"""The file of a backup: sealed piece by piece while it is written, so that it needs no more memory than one piece.

Each piece is sealed with AES-256-GCM under a key of this file alone, which follows from the backup key and a random
salt, bound to its place and to whether it is the last: a piece that is changed, moved, left out or cut off is found.
"""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from secrets import token_bytes
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.vault import key_id

MAGIC = b"PROVIDERBOOG-BACKUP-1\n"
SALT, NAME = 32, 16
PIECE = 1 << 20
LENGTH = struct.Struct(">IB")  # of a sealed piece, and whether it is the last
NONCE = struct.Struct(">IQ")  # never the same twice under one key, for each file has its own


class DamagedBackup(Exception):
    """The file is not a whole backup that this key opens; the message says what is wrong with it."""


def write(file: BinaryIO, key: bytes, pieces: Iterable[bytes]) -> int:
    """Seal what `pieces` gives into `file`; returns how many bytes were written."""
    head = MAGIC + key_id(key).encode() + token_bytes(SALT)
    sealing = AESGCM(_key_of(key, head))
    written, number = file.write(head), 0
    for number, (piece, last) in enumerate(_whole(pieces)):
        written += _write_piece(file, sealing, head, number, piece, last)
    return written


def read(path: Path, key: bytes) -> Iterator[bytes]:
    """Yield what was sealed, piece by piece; raises DamagedBackup at the first that is not as it was written."""
    with path.open("rb") as file:
        head = file.read(len(MAGIC) + NAME + SALT)
        if len(head) < len(MAGIC) + NAME + SALT or not head.startswith(MAGIC):
            raise DamagedBackup(f"{path} is no backup of this program")
        if head[len(MAGIC) :][:NAME] != key_id(key).encode():
            raise DamagedBackup(f"{path} was sealed with another key than PROVIDERBOOG_BACKUP_KEY")
        opening, last, number = AESGCM(_key_of(key, head)), False, 0
        while not last:
            piece, last = _read_piece(file, opening, head, number, path)
            number += 1
            yield piece
        if file.read(1):
            raise DamagedBackup(f"{path} goes on after its end")


def check(path: Path, key: bytes) -> int:
    """Read a file to its end; returns the bytes inside. Raises DamagedBackup."""
    return sum(len(piece) for piece in read(path, key))


def _write_piece(file: BinaryIO, sealing: AESGCM, head: bytes, number: int, piece: bytes, last: bool) -> int:
    sealed = sealing.encrypt(NONCE.pack(0, number), piece, head + bytes([last]))
    return file.write(LENGTH.pack(len(sealed), last)) + file.write(sealed)


def _read_piece(file: BinaryIO, opening: AESGCM, head: bytes, number: int, path: Path) -> tuple[bytes, bool]:
    measure = file.read(LENGTH.size)
    if len(measure) < LENGTH.size:
        raise DamagedBackup(f"{path} is cut off after piece {number}")
    length, last = LENGTH.unpack(measure)
    sealed = file.read(length) if length <= PIECE + 16 else b""
    try:
        return opening.decrypt(NONCE.pack(0, number), sealed, head + bytes([last])), bool(last)
    except (InvalidTag, ValueError) as fault:
        raise DamagedBackup(f"{path} is damaged in piece {number + 1}") from fault


def _whole(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield pieces of one size, each with whether it is the last; there is always a last one."""
    kept = bytearray()
    for piece in pieces:
        kept += piece
        while len(kept) > PIECE:
            yield bytes(kept[:PIECE]), False
            del kept[:PIECE]
    yield bytes(kept), True


def _key_of(key: bytes, head: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=head[-SALT:], info=MAGIC).derive(key)
