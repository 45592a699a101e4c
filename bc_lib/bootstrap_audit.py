"""Composes the audit log's parts for entry points.

Environment: BC_AUDIT_KEY (reference of the signing key, default env:BC_AUDIT_SIGNING_KEY),
BC_AUDIT_CHECKPOINTS (folder), BC_AUDIT_SIGNER_MEMORY (file), BC_AUDIT_PUBLIC_KEYS (hexadecimal, separated by commas).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bc_lib import bootstrap
from bc_lib.config import DbRole, Settings, load
from bc_lib.ports.audit import AuditLog, AuditReader, CheckpointStore, SignatureCheck, SignerBeat
from bc_lib.services.audit.checkpoint import Signer

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


def audit(role: DbRole = DbRole.UI, checkpoints: Path | None = None) -> AuditParts:
    """The parts, connected as `role`. Raises config.ConfigError."""
    from bc_lib.integrations.checkpoints.directory import CheckpointFolder
    from bc_lib.integrations.checkpoints.keys import signature_fits
    from bc_lib.store.audit import OwnTransactionAuditLog
    from bc_lib.store.audit_reading import AuditReader as Reader
    from bc_lib.store.audit_signer import SignerBeat as Beat

    settings, engine = load(), bootstrap.engine(role)
    keys = tuple(key.strip().lower() for key in os.environ.get("BC_AUDIT_PUBLIC_KEYS", "").split(",") if key.strip())
    return AuditParts(
        reader=Reader(engine),
        log=OwnTransactionAuditLog(engine),
        check=signature_fits,
        keys=keys or _remembered(settings),
        seal=Beat(engine),
        checkpoints=CheckpointFolder(checkpoints or _folder(settings)),
    )


def signer() -> tuple[Signer, SignerBeat]:
    """The signer's parts, as bc_keeper. Raises ConfigError, SecretUnavailable, InvalidReference, UnusableKey."""
    from bc_lib.integrations.checkpoints.directory import CheckpointFolder, SignerFile
    from bc_lib.integrations.checkpoints.keys import Ed25519Key, signature_fits
    from bc_lib.store.audit_reading import AuditReader as Reader
    from bc_lib.store.audit_signer import SignerBeat as Beat

    settings, engine = load(), bootstrap.engine(DbRole.KEEPER)
    key = Ed25519Key(bootstrap.secrets().text(os.environ.get("BC_AUDIT_KEY") or DEFAULT_KEY))
    made = Signer(
        reader=Reader(engine),
        store=CheckpointFolder(_folder(settings)),
        memory=SignerFile(_memory(settings)),
        key=key,
        check=signature_fits,
        now=lambda: datetime.now(UTC),
    )
    return made, Beat(engine)


def _folder(settings: Settings) -> Path:
    return Path(os.environ.get("BC_AUDIT_CHECKPOINTS") or settings.data_dir / "audit" / "checkpoints")


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
