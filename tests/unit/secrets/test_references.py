"""Secret references: forms, environment, and what the messages never say (SEC-005, A15)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.integrations.secrets.resolver import Resolver
from bc_lib.ports.secrets import Credential, InvalidReference, SecretUnavailable


@pytest.mark.parametrize(
    "reference",
    ["env:BC_DEMO_MONITOR", "env:_x1", "vault:secret/orders-db/monitor", "vault:kv/a.b_c#", "vault:kv/mail#url"],
)
def test_forms(reference: str) -> None:
    Resolver({}).check(reference)


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "env",
        "env:",
        "env:a b",
        "env:1A",
        "env:A\n",
        "vault:",
        "vault:secret",
        "vault:secret/",
        "vault:/x",
        "vault:secret/../sys/x",
        "vault:secret/./x",
        "vault:secret/a?x",
        "vault:secret/a#b#c",
        "vault:secret//a",
        "file:/etc/passwd",
        "ENV:X",
        "hunter2",
        "user:password",
        "vault:s/" + "a" * 400,
        "env:Ä",
    ],
)
def test_what_is_no_reference(reference: str) -> None:
    """The text is not repeated: somebody may have written the secret itself."""
    with pytest.raises(InvalidReference) as refusal:
        Resolver({}).check(reference)
    assert "hunter2" not in str(refusal.value)
    assert "password" not in str(refusal.value).replace("username:password", "")


@given(st.text(max_size=40))
def test_any_text(text: str) -> None:
    """A12: only InvalidReference, ever."""
    for reference in (text, "env:" + text, "vault:" + text, "vault:secret/" + text):
        plain = reference.isascii() and reference.isprintable() and ".." not in reference.split("/")
        assert plain or not taken(reference)


def taken(reference: str) -> bool:
    """Whether it is a reference; anything else than InvalidReference goes through."""
    try:
        Resolver({}).check(reference)
    except InvalidReference:
        return False
    return True


def test_environment() -> None:
    environment = {"M": "bc_monitor:p:w:d", "BAD": "nocolon", "EMPTY": "", "HALF": "user:"}
    resolver = Resolver(environment)
    assert resolver.credential("env:M") == Credential("bc_monitor", "p:w:d")
    assert resolver.text("env:BAD") == "nocolon"
    environment["M"] = "bc_monitor:new"
    assert resolver.credential("env:M").password == "new"
    for name in ("BAD", "EMPTY", "HALF", "ABSENT"):
        with pytest.raises(SecretUnavailable) as refusal:
            resolver.credential(f"env:{name}")
        assert name in str(refusal.value)
        assert "nocolon" not in str(refusal.value)
    assert "p:w:d" not in repr(Resolver({"M": "u:p:w:d"}).credential("env:M"))


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({}, "VAULT_ADDR"),
        ({"VAULT_ADDR": "http://vault.example.com:8200", "VAULT_TOKEN": "t"}, "https"),
        ({"VAULT_ADDR": "https://127.0.0.1:1"}, "VAULT_TOKEN"),
        ({"VAULT_ADDR": "http://127.0.0.1:1", "VAULT_TOKEN": "token-canary"}, "VAULT_ADDR"),
    ],
)
def test_vault_without_what_it_needs(environment: dict[str, str], word: str) -> None:
    """Each is "not available" with what to do, never another exception."""
    with pytest.raises(SecretUnavailable, match=word) as refusal:
        Resolver(environment).credential("vault:secret/x")
    assert "token-canary" not in str(refusal.value)
