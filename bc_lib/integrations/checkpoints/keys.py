"""Ed25519 keys: made, loaded from a secret's text, verified."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEED_BYTES = 32


class UnusableKey(ValueError):
    """The secret holds no key; the message does not repeat it."""


class Ed25519Key:
    """Implements ports.audit.SigningKey. `text`: base64 of the 32-byte seed, either alphabet, padded or not."""

    def __init__(self, text: str) -> None:
        try:
            plain = text.strip().rstrip("=").translate(str.maketrans("-_", "+/"))
            seed = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        except (binascii.Error, ValueError):
            seed = b""
        if len(seed) != SEED_BYTES:
            raise UnusableKey("The signing key must be base64 of 32 bytes; make one with: bcctl audit new-key")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public(self) -> str:
        """The public key, 64 hexadecimal digits."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(message)


def new_key() -> str:
    """A new key's secret text."""
    return base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def signature_fits(public: str, message: bytes, signature: bytes) -> bool:
    """Implements ports.audit.SignatureCheck."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
