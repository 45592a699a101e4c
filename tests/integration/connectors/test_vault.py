"""vault: references against a real server of the same API (SEC-005, F24)."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from bc_lib.integrations.secrets.resolver import Resolver
from bc_lib.ports.secrets import Credential, InvalidReference, SecretUnavailable
from tests.fixtures.pgcluster import wait_for
from tests.fixtures.vault import ROOT, Vault

pytestmark = pytest.mark.needs("openbao")
POLICY = 'path "kv/data/orders/*" { capabilities = ["read"] }'


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    with Vault(tmp_path_factory.mktemp("vault")) as made:
        made.put("orders/monitor", username="bc_monitor", password="pw-canary")
        made.put("orders/mail", url="mailto://x")
        made.put("other/monitor", username="u", password="p")
        yield made


def test_credential_and_text(vault: Vault) -> None:
    resolver = Resolver({"VAULT_ADDR": vault.url, "VAULT_TOKEN": ROOT})
    assert resolver.credential("vault:kv/orders/monitor") == Credential("bc_monitor", "pw-canary")
    assert resolver.credential("vault:kv/orders/monitor#") == Credential("bc_monitor", "pw-canary")
    assert resolver.text("vault:kv/orders/mail#url") == "mailto://x"
    with pytest.raises(InvalidReference):
        resolver.text("vault:kv/orders/mail")


@pytest.mark.parametrize(
    ("reference", "word"),
    [
        ("vault:kv/orders/absent", "no secret"),
        ("vault:nomount/x", "nomount/x"),
        ("vault:kv/orders/mail", "username and password"),
    ],
)
def test_absent(vault: Vault, reference: str, word: str) -> None:
    with pytest.raises(SecretUnavailable, match=word):
        Resolver({"VAULT_ADDR": vault.url, "VAULT_TOKEN": ROOT}).credential(reference)


def test_denied(vault: Vault) -> None:
    with pytest.raises(SecretUnavailable, match="denies") as refusal:
        Resolver({"VAULT_ADDR": vault.url, "VAULT_TOKEN": "wrong-canary"}).credential("vault:kv/orders/monitor")
    assert "wrong-canary" not in str(refusal.value)


def test_approle_signs_in_again_when_its_token_ends(vault: Vault) -> None:
    """Only what its policy allows; a revoked token is replaced without trouble."""
    vault.client.sys.create_or_update_policy("orders", POLICY)
    vault.client.sys.enable_auth_method("approle")
    vault.client.auth.approle.create_or_update_approle("bc", token_policies=["orders"])
    role = vault.client.auth.approle.read_role_id("bc")["data"]["role_id"]
    secret = vault.client.auth.approle.generate_secret_id("bc")["data"]["secret_id"]
    resolver = Resolver({"VAULT_ADDR": vault.url, "VAULT_ROLE_ID": role, "VAULT_SECRET_ID": secret})
    assert resolver.credential("vault:kv/orders/monitor").username == "bc_monitor"
    with pytest.raises(SecretUnavailable, match="denies"):
        resolver.credential("vault:kv/other/monitor")
    for accessor in vault.client.list("auth/token/accessors")["data"]["keys"]:
        found = vault.client.auth.token.lookup_accessor(accessor)["data"]
        if "orders" in found["policies"]:
            vault.client.auth.token.revoke_accessor(accessor)
    assert resolver.credential("vault:kv/orders/monitor").username == "bc_monitor"


def test_sealed_then_open_again(vault: Vault) -> None:
    """F24: said as such, and it works again by itself."""
    resolver = Resolver({"VAULT_ADDR": vault.url, "VAULT_TOKEN": ROOT})
    vault.client.sys.seal()
    try:
        with pytest.raises(SecretUnavailable, match="sealed"):
            resolver.credential("vault:kv/orders/monitor")
    finally:
        vault.client.sys.submit_unseal_key(vault.unseal_key)
    wait_for(lambda: not vault.client.sys.is_sealed())
    deadline = time.monotonic() + 10
    while True:
        try:
            assert resolver.credential("vault:kv/orders/monitor").username == "bc_monitor"
            break
        except SecretUnavailable:
            assert time.monotonic() < deadline


def test_slow() -> None:
    """F24: a secrets manager that accepts and says nothing ends by its time-out."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(8)
        resolver = Resolver(
            {"VAULT_ADDR": f"http://127.0.0.1:{mute.getsockname()[1]}", "VAULT_TOKEN": ROOT}, timeout_s=0.5
        )
        began = time.perf_counter()
        with pytest.raises(SecretUnavailable, match="did not answer"):
            resolver.credential("vault:kv/orders/monitor")
        assert time.perf_counter() - began < 1.5
