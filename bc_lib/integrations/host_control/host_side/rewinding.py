"""REWIND: throw away what was written after the fork, from the new primary."""

from __future__ import annotations

import base64
import os
import shlex
from pathlib import Path

from . import old_wal
from .preconditions import must_be_stopped, peer_of
from .server import STATE_S, Server
from .words import STANDBY_SIGNAL, Failed, Order, Refused, left_s

REWIND_S = 900.0


def rewind(server: Server, order: Order) -> tuple[bool, dict[str, str]]:
    """The new primary is one of the configured peers. Refused, and nothing thrown away, where it cannot be done."""
    must_be_stopped(server)
    source = f"{peer_of(server, order)} {server.section.get('source', '')}"
    options = shlex.split(server.section.get("options", ""))
    state = server.control().get("Database cluster state", "")
    if not state.startswith("shut down") and not (server.data / STANDBY_SIGNAL).exists():
        # Crash recovery without listening: pg_rewind's own would not know the options, and would remove WAL.
        single = ("postgres", "--single", "-D", str(server.data), *options, *old_wal.KEEP_ALL, "template1")
        server.must(*single, timeout=left_s(order))
    command = _possible(server, order, source, options)
    if left_s(order) <= 0:
        raise Refused("deadline", f"The deadline passed before {server.name} was rewound.")
    try:
        said = server.must(*command, timeout=max(left_s(order), REWIND_S))
    except Failed as error:
        raise Failed(f"the rewind broke off, so it must be rebuilt: {error}", torn=True) from None
    return "no rewind required" not in said, {"said": " ".join(said.split())[-400:]}


def _possible(server: Server, order: Order, source: str, options: list[str]) -> tuple[str, ...]:
    """The command that a dry run takes: with the WAL that is here, that is archived, or that the new primary has."""
    command: tuple[str, ...] = ("pg_rewind", "-D", str(server.data), "--source-server", source, "--no-ensure-shutdown")
    why = _dry_run(server, order, command)
    archive = _archive(server, options) if why else ()
    if archive and not _dry_run(server, order, (*command, *archive)):
        return (*command, *archive)
    if why and _fetch(server, order, source):
        why = _dry_run(server, order, command)
    if why:
        raise Refused("failed", f"{server.name} cannot be rewound: {why}")
    return command


def _dry_run(server: Server, order: Order, command: tuple[str, ...]) -> str:
    """Why not; empty: it would go."""
    try:
        server.must(*command, "--dry-run", timeout=left_s(order))
    except Failed as error:
        return str(error)
    return ""


def _archive(server: Server, options: list[str]) -> tuple[str, ...]:
    """pg_rewind's options for WAL from the archive; none where the server has no restore_command."""
    try:
        found = server.run("postgres", "-D", str(server.data), *options, "-C", "restore_command", timeout=STATE_S)
    except Failed:
        return ()
    if found.returncode or not found.stdout.strip():
        return ()
    config = next((word.partition("=")[2] for word in options if word.startswith("config_file=")), "")
    return ("--restore-target-wal", *((f"--config-file={config}",) if config else ()))


def _fetch(server: Server, order: Order, source: str) -> int:
    """How many segments were missing here and are there now, from the new primary."""
    try:
        control = server.control()
        timeline, size = int(control["Latest checkpoint's TimeLineID"]), int(control["Bytes per WAL segment"])
        folder = server.data / "pg_wal"
        there = _ask(server, order, source, old_wal.LISTED).split()
        names = old_wal.missing(os.listdir(folder), there, timeline)
        for name in names:
            pieces = [_ask(server, order, source, each.format(name=name)) for each in old_wal.chunks(size)]
            _write(folder / name, b"".join(base64.b64decode(each) for each in pieces))
    except (Failed, OSError, KeyError, ValueError):
        return 0  # what the dry run said stands
    return len(names)


def _ask(server: Server, order: Order, source: str, query: str) -> str:
    command = ("psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", source, "-c", query)
    done = server.run(*command, timeout=left_s(order))
    if done.returncode:
        raise Failed(done.stderr)
    return done.stdout


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all under its name; never over one that is there."""
    fresh = path.with_name(path.name + old_wal.PARTIAL)
    with open(fresh, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
