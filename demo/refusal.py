"""What the demo will not or cannot do, in one sentence."""

from __future__ import annotations


class Refused(Exception):
    """The request makes no sense now; the message is one sentence for a person."""


class NotBack(RuntimeError):
    """Something did not come back in time; the message says what."""


class CannotStart(RuntimeError):
    """The demo cannot start; the message says what to do."""
