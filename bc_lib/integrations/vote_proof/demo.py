"""The demo sign-in's signing keys: one a demo user, in `<data>/demo/vote-keys.json` (0600). Refuses to work in prod.

They stand for the person's own fresh sign-on. The pages ask for a signature and never see a key, but in the
demo both run as one operating-system user: only a deployment with single sign-on keeps them apart for real.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bc_lib.domain.actor import Actor
from bc_lib.domain.requests.votes import Once, Proof, Statement
from bc_lib.integrations.vote_proof.ed25519 import METHOD
from bc_lib.ports.vote_proof import ProofUnavailable

FILE = Path("demo") / "vote-keys.json"
PRODUCTION = "prod"
KEY_ID_LENGTH = 16


def ensure_keys(data: Path, subjects: Iterable[str]) -> Mapping[str, str]:
    """Make the keys that are missing; the public keys (64 hexadecimal digits) by subject."""
    path = data / FILE
    keys = _load(path)
    missing = [subject for subject in subjects if subject not in keys]
    if missing:
        keys.update({subject: Ed25519PrivateKey.generate().private_bytes_raw().hex() for subject in missing})
        _store(path, keys)
    return {subject: _public(key) for subject, key in keys.items()}


class DemoSigner:
    """Implements VoteSigner with the demo's keys. `environment` is BC_ENV."""

    def __init__(self, data: Path, environment: str, issuer: str = "demo") -> None:
        self._path, self._environment, self._issuer = data / FILE, environment, issuer

    def sign(self, actor: Actor, statement: Statement, incarnation: str, at: datetime) -> Proof:
        """A signature with the key of the signed-in demo user. Raises ProofUnavailable."""
        if self._environment == PRODUCTION:
            raise ProofUnavailable("the demo's signing keys are switched off because BC_ENV is prod.")
        if (statement.issuer, statement.subject) != (actor.issuer, actor.subject) or actor.issuer != self._issuer:
            raise ProofUnavailable("one may only sign for oneself.")
        key = _load(self._path).get(actor.subject)
        if key is None:
            raise ProofUnavailable("the demo has no signing key for you; start it again with bcctl up.")
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key))
        once = Once(incarnation=incarnation, at=at.astimezone(UTC).isoformat(), nonce=secrets.token_hex(16))
        return Proof(
            method=METHOD,
            key_id=_public(key)[:KEY_ID_LENGTH],
            signature=private.sign(statement.canonical(once)).hex(),
            once=once,
        )


def _public(key: str) -> str:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key)).public_key().public_bytes_raw().hex()


def _load(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return {}
    return {str(subject): str(key) for subject, key in found.items()}


def _store(path: Path, keys: Mapping[str, str]) -> None:
    """Whole or not at all, and readable by the owner only (mkstemp makes 0600)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".vote-keys-")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(keys, file)
    Path(name).replace(path)
