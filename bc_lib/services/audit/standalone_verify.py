#!/usr/bin/env python3
"""Verifies an exported audit log with Python 3.8 or newer and nothing else: python3 verify_audit.py EXPORT [--key HEX]

It proves that the records are those the log holds: each record's hash is the SHA-256 of the hash before it and of
its stored text, records follow each other, and signed checkpoints (Ed25519, RFC 8032) name the same hashes.
It cannot prove that a filter left out only what it should: for that, export without --system.
Exit code: 0 sound, 1 not sound, 2 not an export.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

COLUMNS = (
    "number",
    "time",
    "kind",
    "verb",
    "person",
    "name",
    "issuer",
    "subject",
    "channel",
    "system",
    "members",
    "request",
    "type",
    "target",
    "outcome",
    "reason",
    "database role",
    "details",
)
SINCE_OLDER = ("type", "target")  # exports made before these columns existed lack them
PROOF = ("previous hash", "hash", "record as stored")
# What begins a formula, at the beginning of a cell or after what some programs take for the end of one (`;`, a tab, a
# line's end), with nothing that is seen before it. Signs also full-width and small.
FORMULA = re.compile(
    "(^|[;\t\r\n\u2028\u2029])"
    '(?=[ "\u00a0\u3000\u200b-\u200f\u2060\ufeff]*[-=+@|%\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]|[\t\r\n])'
)

# --- Ed25519 verification, after RFC 8032, section 6 ---
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _add(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    w, x, y, z = f - e, h - g, h + g, f + e
    return (w * x % P, y * z % P, x * y % P, w * z % P)


def _times(number: int, point: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    total: tuple[int, int, int, int] = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


def _point(data: bytes) -> tuple[int, int, int, int] | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if (x & 1) != sign else x
    return (x, y, 1, x * y % P)


def _same(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """True where `signature` over `message` is by the owner of `public`."""
    if len(public) != 32 or len(signature) != 64:
        return False
    owner, once = _point(public), _point(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if owner is None or once is None or number >= ORDER:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return _same(_times(number, BASE), _add(once, _times(digest, owner)))


# --- the export ---
class NoExport(Exception):
    """Not a file that `bcctl audit export` wrote."""


def neutral(cell: str) -> str:
    """As the export writes a cell that could be read as a formula."""
    return FORMULA.sub(r"\1'", cell)


def cells(said: dict[str, Any]) -> tuple[str, ...]:
    """What people read, made anew from the record as stored."""
    actor = said["actor"]
    values = (
        said.get("seq"),
        said.get("at"),
        said.get("kind"),
        said.get("verb"),
        actor.get("person"),
        actor.get("name"),
        actor.get("issuer"),
        actor.get("subject"),
        said.get("channel"),
        said.get("system"),
        " ".join(map(str, said.get("members") or [])),
        said.get("request_id"),
        said.get("request_type"),
        said.get("target_site"),
        said.get("outcome"),
        said.get("reason_code"),
        said.get("db_role"),
    )
    details = json.dumps(said.get("payload") or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return (*("" if value is None else str(value) for value in values), details)


def from_json(whole: Any) -> tuple[dict[str, Any], list[tuple[Sequence[str], Sequence[str]]]]:
    """The chain's description and the records of a JSON export. Raises KeyError, TypeError."""
    rows: list[tuple[Sequence[str], Sequence[str]]] = [
        ([row.get(key, "") if key in SINCE_OLDER else row[key] for key in COLUMNS], [row[key] for key in PROOF])
        for row in whole["records"]
    ]
    return whole["chain"], rows


def load(path: str) -> tuple[dict[str, Any], list[tuple[Sequence[str], Sequence[str]]], bool]:
    """The chain's description and the records (cells, previous hash, hash, stored text)."""
    try:
        if path.endswith(".json"):
            with open(path, encoding="utf-8") as stream:
                return (*from_json(json.load(stream)), False)
        with open(path + ".chain.json", encoding="utf-8") as stream:
            chain = json.load(stream)
        csv.field_size_limit(1 << 30)
        with open(path, encoding="utf-8-sig", newline="") as stream:
            table = list(csv.reader(stream))
        head = tuple(table[0][: -len(PROOF)]) if table else ()
        older = tuple(name for name in COLUMNS if name not in SINCE_OLDER)
        if (
            head not in (COLUMNS, older)
            or tuple(table[0][-len(PROOF) :]) != PROOF
            or any(len(row) != len(table[0]) for row in table)
        ):
            raise NoExport(f"The first line of {path} is not that of an export.")
        rows = [(dict(zip(head, row)), row[-len(PROOF) :]) for row in table[1:]]  # noqa: B905
        return chain, [([shown.get(name, "") for name in COLUMNS], proof) for shown, proof in rows], True
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise NoExport(f"{path} cannot be read as an export: {error}") from error


def check_record(
    place: int, shown: Sequence[str], proof: Sequence[str], spreadsheet: bool
) -> tuple[int | None, str, str, list[str]]:
    """The record's number, previous hash and hash; a sentence where it is wrong."""
    troubles = []
    previous, own, body = proof
    try:
        said = json.loads(body)
        number = int(said["seq"])
        made = cells(said)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, previous, own, [f"Line {place} (number {shown[0]}) holds no record."]
    try:
        whole = hashlib.sha256(bytes.fromhex(previous) + body.encode("utf-8")).hexdigest() == own
    except ValueError:
        whole = False
    if not whole:
        troubles.append(f"Record {number} was changed: its content and its hash do not fit.")
    expected = tuple(map(neutral, made)) if spreadsheet else made
    for name, there, right in zip(COLUMNS, shown, expected):  # noqa: B905
        if there != right:
            troubles.append(f"Record {number} was changed: its column '{name}' does not say what the record says.")
    return number, previous, own, troubles


def check_checkpoints(chain: dict[str, Any], key: str | None, notes: list[str]) -> tuple[dict[int, str], list[str]]:
    """Signed hashes by number, and sentences about what is wrong.

    From the last to the first: a checkpoint that a proven later one names by its digest needs no signature of its own.
    """
    signed: dict[int, str] = {}
    troubles: list[str] = []
    wanted: tuple[str, int] | None = None
    for checkpoint in reversed(chain["checkpoints"]):
        parts = dict(checkpoint)
        signature = bytes.fromhex(parts.pop("signature"))
        message = json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()
        first, hashes = parts["first"], parts["hashes"]
        name = f"The checkpoint of record {first + len(hashes) - 1}"
        if key is None:
            key = parts["key"]
            notes.append(f"Signed with the key {key}: compare it with the one you were given (or say --key).")
        named = (hashlib.sha256(message).hexdigest(), first + len(hashes)) == wanted
        if parts["key"] != key:
            troubles.append(f"{name} is signed with another key ({parts['key']}).")
        elif parts["log"] != chain["log"]:
            troubles.append(f"{name} is of another log.")
        elif not named and not ed25519(bytes.fromhex(key), message, signature):
            troubles.append(f"{name} was changed: its signature does not hold.")
        else:
            if wanted is not None and not named:
                troubles.append(f"{name} is not followed by the next one: one is missing.")
            signed.update(zip(range(first, first + len(hashes)), hashes))  # noqa: B905  (strict= needs Python 3.10)
            wanted = (parts["previous"], first)
    return signed, troubles


def check_order(known: dict[int, str], records: list[tuple[int, str, str, bool]]) -> list[str]:
    """Sentences about records that stand twice or elsewhere; `known` gets their hashes."""
    troubles, before = [], 0
    for number, _, own, _ in records:
        if number in known:
            troubles.append(f"Record {number} stands there twice.")
        elif number < before:
            troubles.append(f"Record {number} was moved: it stands behind record {before}.")
        before = max(before, number)
        known[number] = own
    return troubles


def check_links(
    known: dict[int, str], signed: dict[int, str], records: list[tuple[int, str, str, bool]], bounds: tuple[int, int]
) -> list[str]:
    """Sentences about records that do not fit the one before, the checkpoints or the export."""
    troubles = []
    for number, previous, own, wrong in records:
        expected = known.get(number - 1, "0" * 64 if number == 1 else previous)
        if not bounds[0] <= number <= bounds[1]:
            troubles.append(f"Record {number} does not belong to this export: it was added.")
        elif expected != previous and not wrong:
            troubles.append(f"Record {number} does not continue the one before: one of them is forged or rewritten.")
        if signed.get(number, own) != own and not wrong:
            troubles.append(f"Record {number} is not what a signed checkpoint says: it was rewritten.")
    return troubles


def gaps(known: dict[int, str], first: int, last: int) -> list[str]:
    """Sentences about numbers from `first` to `last` that are not there."""
    troubles, before = [], first - 1
    for number in [*sorted(number for number in known if first <= number <= last), last + 1]:
        if number - before == 2:
            troubles.append(f"Record {number - 1} is missing.")
        elif number - before > 2:
            troubles.append(f"Records {before + 1} to {number - 1} are missing.")
        before = number
    return troubles


def verify(path: str, key: str | None = None) -> tuple[int, list[str], list[str]]:
    """Records read, sentences about what is wrong, and notes. Raises NoExport."""
    return judge(*load(path), key)


def judge(
    chain: dict[str, Any], rows: list[tuple[Sequence[str], Sequence[str]]], spreadsheet: bool, key: str | None
) -> tuple[int, list[str], list[str]]:
    """The same of what was loaded. Raises NoExport."""
    notes: list[str] = []
    try:
        signed, troubles = check_checkpoints(chain, key, notes)
        known = {int(number): str(link) for number, link in chain["between"]}
        bounds, count = (int(chain["first"]), int(chain["last"])), int(chain["count"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoExport(f"The description of the chain cannot be read: {error}") from error
    troubles += [
        f"The hash of record {number}, which the filter left out, is not what a signed checkpoint says."
        for number, link in known.items()
        if signed.get(number, link) != link
    ]
    records = []
    for place, (shown, proof) in enumerate(rows, 2):
        number, previous, own, found = check_record(place, shown, proof, spreadsheet)
        troubles += found
        if number is not None:
            records.append((number, previous, own, bool(found)))
    troubles += check_order(known, records) + check_links(known, signed, records, bounds)
    missing = gaps(known, *bounds)
    troubles += missing
    if count != len(rows) and not missing:
        troubles.append(f"The export said it holds {count} records; there are {len(rows)}.")
    bare = [number for number, _, _, _ in records if number not in signed]
    if bare:
        notes.append(f"{len(bare)} records ({bare[0]} to {bare[-1]}) are not covered by a signed checkpoint.")
    return len(rows), troubles, notes


def main(arguments: list[str]) -> int:
    """Verify the export named on the command line, else the one beside this file."""
    key = None
    if "--key" in arguments:
        at = arguments.index("--key")
        key = "".join(arguments[at + 1 : at + 2]).lower()
        arguments = arguments[:at] + arguments[at + 2 :]
    here = os.path.dirname(os.path.abspath(__file__))
    found = arguments or [
        path for path in (os.path.join(here, name) for name in ("audit.json", "audit.csv")) if os.path.exists(path)
    ]
    if (
        len(found) != 1
        or found[0].startswith("-")
        or (key is not None and (len(key) != 64 or set(key) - set("0123456789abcdef")))
    ):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        count, troubles, notes = verify(found[0], key)
    except NoExport as error:
        print(error, file=sys.stderr)
        return 2
    for line in troubles:
        print(f"WRONG: {line}")
    for line in notes:
        print(f"note: {line}")
    print(f"{count} records: {f'NOT SOUND, {len(troubles)} findings' if troubles else 'sound'}")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
