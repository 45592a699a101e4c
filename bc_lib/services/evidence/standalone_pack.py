"""Verifies an evidence pack with Python 3.8 or newer and nothing else: python3 verify_pack.py PACK.zip [--key HEX]

PACK is the zip as it was handed out, or a folder with its files. Checked, for the pack and each addendum in it:
every file is the one that the manifest names, none is missing, none was added; an audit record names the manifest;
a checkpoint, signed outside the database (Ed25519, RFC 8032), names the record; the audit records in the pack are
those that the signed checkpoints name. --key takes the signer's public key, or --fingerprint its SHA-256: take it
from where it is published, never from the pack. An addendum that was left out with everything after it cannot be
seen here; the audit log names all of them. Exit code: 0 sound, 1 not sound, 2 not a pack.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import sys
import zlib
from typing import Any

# cut: in the one file that goes into packs, what follows stands above this line
from bc_lib.services.audit.standalone_verify import NoExport, check_checkpoints, from_json, judge

# end of cut

LOCAL, CENTRAL, END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
DAY = 0x21  # 1 January 1980, for every file
MANIFEST, SIGNATURE, AUDIT = "manifest.json", "signature.json", "audit.json"
MADE, MAKER = "evidence.made", "bc_keeper"


class NoPack(Exception):
    """Not a pack, or not one that can be read."""


def pack_up(files: dict[str, bytes]) -> bytes:
    """A zip of these files with nothing in it that depends on time or machine: it can be written again to compare."""
    out, listing = bytearray(), bytearray()
    for name, content in files.items():
        word = name.encode("ascii")
        sizes = (zlib.crc32(content), len(content), len(content), len(word), 0)
        listing += CENTRAL.pack(b"PK\1\2", 0x0314, 20, 0, 0, 0, DAY, *sizes, 0, 0, 0, 0o100644 << 16, len(out)) + word
        out += LOCAL.pack(b"PK\3\4", 20, 0, 0, 0, DAY, *sizes) + word + content
    end = END.pack(b"PK\5\6", 0, 0, len(files), len(files), len(listing), len(out), 0)
    return bytes(out + listing + end)


def unpack(data: bytes) -> tuple[dict[str, bytes], list[str]]:
    """Files of a zip that pack_up wrote, and a sentence where it is not byte for byte as written. Raises NoPack."""
    files: dict[str, bytes] = {}
    places: list[tuple[int, str]] = []
    at = 0
    while data[at : at + 4] == b"PK\3\4" and at + LOCAL.size <= len(data):
        fields = LOCAL.unpack_from(data, at)
        size, length = fields[7], fields[9]
        name = data[at + LOCAL.size : at + LOCAL.size + length].decode("ascii", "backslashreplace")
        if fields[3] != 0 and fields[4:6] != (0, DAY):  # with our date it is one of ours with a changed byte
            raise NoPack("This zip was packed anew (its files are compressed): unpack it and verify the folder.")
        begin = at + LOCAL.size + length + fields[10]
        places.append((at, name))
        files.setdefault(name, data[begin : begin + size])
        at = begin + size
    if not files:
        raise NoPack("This is no evidence pack: its first bytes are not those of a zip.")
    try:
        expected = pack_up(files)
    except UnicodeEncodeError:
        expected = b""
    if expected == data:
        return files, []
    wrong = first_difference(expected, data)
    where = [name for begin, name in places if begin <= wrong < at]
    place = f"in {where[-1]}" if where else "in its list of files"
    return files, [f"The zip is not as it was written: it differs from byte {wrong} on, {place}."]


def first_difference(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high) // 2
        if one[low : middle + 1] == other[low : middle + 1]:
            low = middle + 1
        else:
            high = middle
    return low


def read(path: str) -> tuple[dict[str, bytes], list[str]]:
    """Files of a zip or a folder, and sentences about the container. Raises NoPack."""
    try:
        if not os.path.isdir(path):
            with open(path, "rb") as stream:
                return unpack(stream.read())
        files = {}
        for folder, _, names in os.walk(path):
            for name in names:
                whole = os.path.join(folder, name)
                with open(whole, "rb") as stream:
                    files[os.path.relpath(whole, path).replace(os.sep, "/")] = stream.read()
        return files, []
    except OSError as error:
        raise NoPack(f"{path} cannot be read: {error}") from error


def canonical(value: Any) -> bytes:
    """JSON in the one form in which manifests and signatures are written."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def as_written(files: dict[str, bytes], name: str) -> dict[str, Any]:
    """A manifest or signature. Raises ValueError with a sentence."""
    if name not in files:
        raise ValueError(f"{name} is missing.")
    try:
        found = json.loads(files[name])
    except ValueError:
        found = None
    if not isinstance(found, dict) or canonical(found) != files[name]:
        raise ValueError(f"{name} was changed: it is not in the form in which it is written.")
    return found


def check_files(files: dict[str, bytes], manifest: dict[str, Any], prefix: str) -> list[str]:
    """Sentences about files that are not those of the manifest."""
    named = manifest.get("files") if isinstance(manifest.get("files"), dict) else {}
    troubles = []
    for name, digest in sorted((named or {}).items()):
        if prefix + name not in files:
            troubles.append(f"{prefix}{name} is missing.")
        elif hashlib.sha256(files[prefix + name]).hexdigest() != digest:
            troubles.append(f"{prefix}{name} was changed: it is not what the manifest names.")
    allowed = {prefix + name for name in (*(named or {}), MANIFEST, SIGNATURE)}
    for name in sorted(files):
        inside = name.startswith(prefix) and (prefix or not name.startswith("addenda/"))
        if inside and name not in allowed:
            troubles.append(f"{name} was added: the manifest does not name it.")
    return troubles


def check_signature(
    files: dict[str, bytes], manifest: dict[str, Any], prefix: str, key: str | None, notes: list[str]
) -> tuple[list[str], list[Any]]:
    """Sentences about the signature, and its checkpoints. Raises ValueError with a sentence."""
    name = prefix + SIGNATURE
    said = as_written(files, name)
    try:
        previous, own, body = (said["record"][part] for part in ("previous hash", "hash", "record as stored"))
        record, checkpoints = json.loads(body), said["checkpoints"]
        payload, number = record["payload"], int(record["seq"])
        if set(said) != {"checkpoints", "log", "record"} or set(said["record"]) != {
            "previous hash",
            "hash",
            "record as stored",
        }:
            raise ValueError
        whole = hashlib.sha256(bytes.fromhex(previous) + body.encode("utf-8")).hexdigest() == own
        signed, troubles = check_checkpoints({"checkpoints": checkpoints, "log": said["log"]}, key, notes)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ValueError(f"{name} was changed: it cannot be read.") from None
    troubles = [f"{name} was changed: {trouble}" for trouble in troubles]
    if not whole:
        troubles.append(f"{name} was changed: the record in it does not fit its hash.")
    elif payload.get("manifest") != hashlib.sha256(files[prefix + MANIFEST]).hexdigest():
        troubles.append(f"{prefix}{MANIFEST} was changed, or {name} is that of another pack.")
    elif (record.get("verb"), record.get("db_role")) != (MADE, MAKER):
        troubles.append(f"{name} is no signature of a pack: its record was not written by the maker of packs.")
    elif record.get("request_id") != manifest.get("request") or payload.get("number") != manifest.get("number"):
        troubles.append(f"{name} is that of another pack.")
    if number not in signed:
        troubles.append(f"{name} does not hold: no signed checkpoint names its record {number}.")
    elif signed[number] != own:
        troubles.append(f"{name} does not hold: the signed checkpoint names another record {number}.")
    return troubles, checkpoints


def check_audit(
    files: dict[str, bytes], prefix: str, checkpoints: list[Any], key: str | None, notes: list[str]
) -> list[str]:
    """Sentences about the audit records that are part of the pack."""
    name = prefix + AUDIT
    if name not in files:
        return []  # told already, where the manifest names it
    try:
        chain, rows = from_json(json.loads(files[name]))
        own: list[str] = []
        count, troubles, own = judge({**chain, "checkpoints": checkpoints}, rows, False, key)
    except (NoExport, KeyError, TypeError, ValueError) as error:
        return [f"{name} cannot be read: {error}"]
    notes += [f"{name}: {line}" for line in own if not line.startswith("Signed with")]
    notes.append(f"{name}: {count} audit records.")
    return [f"{name}: {trouble}" for trouble in troubles]


def check_part(files: dict[str, bytes], prefix: str, key: str | None, notes: list[str]) -> tuple[list[str], Any]:
    """Sentences about a pack or an addendum, and its manifest."""
    troubles: list[str] = []
    manifest: dict[str, Any] = {}
    try:
        manifest = as_written(files, prefix + MANIFEST)
    except ValueError as error:
        troubles.append(str(error))
    if manifest:
        troubles += check_files(files, manifest, prefix)
    checkpoints: list[Any] = []
    if prefix + MANIFEST in files:
        try:
            found, checkpoints = check_signature(files, manifest, prefix, key, notes)
            troubles += found
        except ValueError as error:
            troubles.append(f"Not signed: {error}")
    return troubles + check_audit(files, prefix, checkpoints, key, notes), manifest


def verify_files(files: dict[str, bytes], key: str | None = None) -> tuple[list[str], list[str]]:
    """Sentences about what is wrong with a pack, and notes."""
    notes: list[str] = []
    troubles, manifest = check_part(files, "", key, notes)
    before = hashlib.sha256(files.get(MANIFEST, b"")).hexdigest()
    numbers = sorted({name.split("/")[1] for name in files if name.startswith("addenda/")}, key=lambda n: (len(n), n))
    for place, number in enumerate(numbers, 1):
        prefix = f"addenda/{number}/"
        found, said = check_part(files, prefix, key, notes)
        troubles += found
        if number != str(place) or said.get("number") != place or said.get("previous") != before:
            troubles.append(
                f"{prefix} does not follow what stands before it: one is missing, or it is of another pack."
            )
        if said.get("request") != manifest.get("request"):
            troubles.append(f"{prefix} is of another request.")
        before = hashlib.sha256(files.get(prefix + MANIFEST, b"")).hexdigest()
    return troubles, notes


def keys_of(files: dict[str, bytes]) -> list[str]:
    """Public keys that the checkpoints of a pack name, whether or not they are the right ones."""
    found = []
    for name in sorted(files):
        if name.endswith(SIGNATURE):
            try:
                found += [str(each["key"]) for each in json.loads(files[name])["checkpoints"]]
            except (ValueError, KeyError, TypeError):
                continue
    return list(dict.fromkeys(found))


def fingerprint(key: str) -> str:
    """SHA-256 of a public key."""
    try:
        return hashlib.sha256(bytes.fromhex(key)).hexdigest()
    except ValueError:
        return ""


def option(arguments: list[str], name: str) -> str | None:
    """Takes an option with its value out of the arguments."""
    if name not in arguments:
        return None
    at = arguments.index(name)
    value = "".join(arguments[at + 1 : at + 2]).lower().replace(":", "")
    del arguments[at : at + 2]
    return value


def main_pack(arguments: list[str]) -> int:
    """Verify the pack named on the command line, else the one that this file lies in."""
    arguments = list(arguments)
    key, print_ = option(arguments, "--key"), option(arguments, "--fingerprint")
    path = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    if len(arguments) > 1 or path.startswith("-") or any(v is not None and len(v) != 64 for v in (key, print_)):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        files, troubles = read(path)
    except NoPack as error:
        print(error, file=sys.stderr)
        return 2
    notes: list[str] = []
    if print_ is not None and key is None:
        key = next((each for each in keys_of(files) if fingerprint(each) == print_), "0" * 64)
    found, more = verify_files(files, key)
    for line in dict.fromkeys([*troubles, *found]):
        print(f"WRONG: {line}")
    for line in dict.fromkeys([*notes, *more]):
        print(f"note: {line}")
    if key is None and not found:
        for each in keys_of(files):
            print(f"note: no key was given; compare this fingerprint with the published one: {fingerprint(each)}")
    bad = len({*troubles, *found})
    print(f"{len(files)} files: {f'NOT SOUND, {bad} findings' if bad else 'sound'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main_pack(sys.argv[1:]))
