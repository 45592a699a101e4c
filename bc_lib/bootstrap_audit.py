"""Composes the audit log's parts for entry points.

Environment: BC_AUDIT_KEY (reference of the signing key, default env:BC_AUDIT_SIGNING_KEY),
BC_CHECKPOINTS (places, separated by commas; else one folder, BC_AUDIT_CHECKPOINTS), BC_AUDIT_SIGNER_MEMORY (file),
BC_AUDIT_PUBLIC_KEYS (hexadecimal, separated by commas).
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bc_lib import bootstrap
from bc_lib.config import ConfigError, DbRole, Settings, load
from bc_lib.ports.audit import AuditLog, AuditReader, CheckpointSink, CheckpointStore, SignatureCheck, SignerBeat
from bc_lib.services.audit.checkpoint import Signer
from bc_lib.services.audit.copies import Copies
from bc_lib.services.audit.places import Place, Places
from bc_lib.services.audit.remembered import Witnesses

if TYPE_CHECKING:
    from bc_lib.integrations.checkpoints.targets import Target

DEFAULT_KEY = "env:BC_AUDIT_SIGNING_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditParts:
    """What reading, verifying and exporting need. `log` writes each record in a transaction of its own."""

    reader: AuditReader
    log: AuditLog
    checkpoints: CheckpointStore
    check: SignatureCheck
    keys: tuple[str, ...]
    seal: SignerBeat
    witnesses: Witnesses


def audit(role: DbRole = DbRole.UI, checkpoints: str | None = None) -> AuditParts:
    """The parts, connected as `role`. Raises config.ConfigError.

    `checkpoints`: read these instead: a folder, a file of syslog lines, or a place written as in BC_CHECKPOINTS.
    """
    from bc_lib.integrations.checkpoints.directory import SignerFile, WaitingFolder
    from bc_lib.integrations.checkpoints.keys import signature_fits
    from bc_lib.store.audit import OwnTransactionAuditLog
    from bc_lib.store.audit_reading import AuditReader as Reader
    from bc_lib.store.audit_signer import SignerBeat as Beat

    settings, engine = load(), bootstrap.engine(role)
    keys = tuple(key.strip().lower() for key in os.environ.get("BC_AUDIT_PUBLIC_KEYS", "").split(",") if key.strip())
    seal, memory = Beat(engine), _memory(settings)
    return AuditParts(
        reader=Reader(engine),
        log=OwnTransactionAuditLog(engine),
        check=signature_fits,
        keys=keys or _remembered(settings),
        seal=seal,
        witnesses=Witnesses(
            seal=seal.state, memory=SignerFile(memory), waiting=WaitingFolder(memory.parent / "waiting")
        ),
        checkpoints=_only(checkpoints) if checkpoints else _copies(settings),
    )


def signer() -> tuple[Signer, SignerBeat]:
    """The signer's parts, as bc_signer. Raises ConfigError, SecretUnavailable, InvalidReference, UnusableKey."""
    from bc_lib.integrations.checkpoints.directory import SignerFile, WaitingFolder
    from bc_lib.integrations.checkpoints.keys import Ed25519Key, signature_fits
    from bc_lib.integrations.checkpoints.targets import file_stem
    from bc_lib.store.audit_reading import AuditReader as Reader
    from bc_lib.store.audit_signer import SignerBeat as Beat

    settings, engine = load(), bootstrap.engine(DbRole.SIGNER)
    key = Ed25519Key(bootstrap.secrets().text(os.environ.get("BC_AUDIT_KEY") or DEFAULT_KEY))
    own = _memory(settings).parent
    places = Places(
        [
            Place(
                name=target.name,
                sink=_sink(target),
                store=_store(target),
                took=SignerFile(own / "places" / f"{file_stem(target)}.json"),
            )
            for target in _targets(settings)
        ],
        WaitingFolder(own / "waiting"),
        signature_fits,
        time.monotonic,
    )
    made = Signer(
        reader=Reader(engine),
        store=places,
        deliver=places.deliver,
        memory=SignerFile(_memory(settings)),
        key=key,
        check=signature_fits,
        now=_now,
    )
    return made, Beat(engine)


def _now() -> datetime:
    return datetime.now(UTC)


def _targets(settings: Settings) -> tuple[Target, ...]:
    from bc_lib.integrations.checkpoints.targets import DirectoryTarget, InvalidTarget, read_targets

    folder = os.environ.get("BC_AUDIT_CHECKPOINTS")
    if settings.checkpoints is None:
        return (DirectoryTarget(path=Path(folder or settings.data_dir / "audit" / "checkpoints").absolute()),)
    if folder:
        raise ConfigError("Both BC_CHECKPOINTS and BC_AUDIT_CHECKPOINTS are set: name the folder in the first only.")
    try:
        return read_targets(settings.checkpoints, bootstrap.secrets())
    except InvalidTarget as error:
        raise ConfigError(str(error)) from None


def sealed_places() -> int | None:
    """The last record of which every folder of checkpoints has one, as files say; None where none can be read here."""
    from bc_lib.integrations.checkpoints.directory import CheckpointFolder
    from bc_lib.integrations.checkpoints.targets import DirectoryTarget
    from bc_lib.ports.audit import BrokenCheckpoints

    try:
        folders = [each.path for each in _targets(load()) if isinstance(each, DirectoryTarget)]
        stores = [CheckpointFolder(path) for path in folders if path.is_dir()]
        ends = [store.last() for store in stores]
    except (BrokenCheckpoints, ConfigError, OSError):
        return None
    return min((last.last if last else 0 for last in ends), default=None)


def _copies(settings: Settings) -> CheckpointStore:
    """Every place that can be read back, as one."""
    stores = {target.name: store for target in _targets(settings) if (store := _store(target)) is not None}
    return Copies(stores) if len(stores) > 1 else next(iter(stores.values()))


def _only(place: str) -> CheckpointStore:
    from bc_lib.integrations.checkpoints.directory import CheckpointFolder
    from bc_lib.integrations.checkpoints.syslog_lines import SyslogLines
    from bc_lib.integrations.checkpoints.targets import InvalidTarget, read_target

    if place.partition(":")[0] not in {"directory", "s3"}:
        return SyslogLines(Path(place)) if Path(place).is_file() else CheckpointFolder(Path(place))
    try:
        found = _store(read_target(place, bootstrap.secrets()))
    except InvalidTarget as error:
        raise ConfigError(str(error)) from None
    assert found is not None  # both kinds can be read back
    return found


def _store(target: Target) -> CheckpointStore | None:
    """Where the target's checkpoints are read back; None for syslog."""
    from bc_lib.integrations.checkpoints.directory import CheckpointFolder
    from bc_lib.integrations.checkpoints.object_store import ObjectStore
    from bc_lib.integrations.checkpoints.targets import DirectoryTarget, S3Target

    if isinstance(target, DirectoryTarget):
        return CheckpointFolder(target.path)
    return ObjectStore(target, bootstrap.secrets(), _now) if isinstance(target, S3Target) else None


def _sink(target: Target) -> CheckpointSink:
    from bc_lib.integrations.checkpoints.syslog import Syslog
    from bc_lib.integrations.checkpoints.targets import SyslogTarget

    if isinstance(target, SyslogTarget):
        return Syslog(target, _now)
    store = _store(target)
    assert store is not None  # everything but syslog is a store
    return store


def _memory(settings: Settings) -> Path:
    return Path(os.environ.get("BC_AUDIT_SIGNER_MEMORY") or settings.data_dir / "audit" / "signer" / "last.json")


def _remembered(settings: Settings) -> tuple[str, ...]:
    """The key that the signer of this machine used last, where we may read it."""
    from bc_lib.integrations.checkpoints.directory import SignerFile
    from bc_lib.ports.audit import BrokenCheckpoints

    try:
        last = SignerFile(_memory(settings)).load()
    except BrokenCheckpoints:
        return ()
    return (last.key,) if last else ()
