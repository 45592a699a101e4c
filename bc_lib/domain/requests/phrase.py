"""The typed phrase right before a start (FR-032): it names what moves where, so that it cannot be typed by habit."""

from __future__ import annotations

from bc_lib.domain.requests.states import RequestType


def confirmation_phrase(kind: RequestType, scope_name: str, target_site: str) -> str:
    """`FAILOVER payments TO ams`."""
    return f"{kind.value.upper()} {scope_name} TO {target_site}"


def matches(typed: str, phrase: str) -> bool:
    """True where the phrase was typed exactly; only space around it is forgiven."""
    return typed.strip(" \t\r\n") == phrase
