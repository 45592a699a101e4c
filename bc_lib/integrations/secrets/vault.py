"""`vault:mount/path[#key]`: KV version 2 of Vault or OpenBao, by token or AppRole from the environment."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bc_lib.ports.secrets import Credential, InvalidReference, SecretUnavailable

if TYPE_CHECKING:
    import hvac

SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
FORM = re.compile(rf"(?P<mount>{SEGMENT})/(?P<path>{SEGMENT}(?:/{SEGMENT})*)(?:#(?P<key>[A-Za-z0-9_-]*))?\Z", re.ASCII)

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class VaultSource:
    """Reads VAULT_ADDR, VAULT_NAMESPACE, VAULT_CACERT, and VAULT_TOKEN or VAULT_ROLE_ID with VAULT_SECRET_ID.

    The login of an AppRole is kept until it is refused. Each request ends within `timeout_s`.
    """

    def __init__(self, environment: Mapping[str, str] | None = None, *, timeout_s: float = 3.0) -> None:
        self._environment = os.environ if environment is None else environment
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._role_token: str | None = None

    def check(self, rest: str) -> None:
        """Raise InvalidReference unless `rest` is mount/path with an optional #key."""
        if not FORM.match(rest):
            raise InvalidReference(
                "After vault: comes mount/path, for one text with #key at the end, in letters, digits, '_', '.', '-'."
            )

    def credential(self, rest: str) -> Credential:
        """The keys `username` and `password` at the path."""
        data = self._read(rest)
        if not all(isinstance(data.get(key), str) and data[key] for key in ("username", "password")):
            raise SecretUnavailable(f"The secret vault:{rest} must hold the keys username and password.")
        return Credential(data["username"], data["password"])

    def text(self, rest: str) -> str:
        """The value of `#key` at the path."""
        match = FORM.match(rest)
        key = match["key"] if match else None
        if not key:
            raise InvalidReference(f"For a text the reference vault:{rest} must name a key: vault:mount/path#key.")
        value = self._read(rest).get(key)
        if not isinstance(value, str) or not value:
            raise SecretUnavailable(f"The secret vault:{rest} has no such key, or it is empty.")
        return value

    def _read(self, rest: str) -> dict[str, Any]:
        import hvac.exceptions as trouble
        import requests

        match = FORM.match(rest)
        if match is None:
            raise InvalidReference("After vault: comes mount/path.")
        try:
            return self._read_once(match["mount"], match["path"])
        except (trouble.Forbidden, trouble.Unauthorized):
            raise SecretUnavailable(
                f"The secrets manager denies vault:{rest} to this process; check its token or AppRole policy."
            ) from None
        except trouble.InvalidPath:
            raise SecretUnavailable(f"There is no secret at vault:{rest} (KV version 2).") from None
        except trouble.VaultDown:
            raise SecretUnavailable(
                f"The secrets manager is sealed or in maintenance, so vault:{rest} is not available; unseal it."
            ) from None
        except requests.exceptions.Timeout:
            raise SecretUnavailable(
                f"The secrets manager did not answer within {self._timeout_s:g} s for vault:{rest}."
            ) from None
        except (trouble.VaultError, requests.exceptions.RequestException) as error:
            raise SecretUnavailable(
                f"The secrets manager could not be asked for vault:{rest} ({type(error).__name__}); check VAULT_ADDR."
            ) from None

    def _read_once(self, mount: str, path: str) -> dict[str, Any]:
        """One read; an AppRole's token that was refused (expired) is renewed once."""
        import hvac.exceptions as trouble

        client, kept = self._client()
        try:
            return _data(client, mount, path)
        except (trouble.Forbidden, trouble.Unauthorized):
            if not kept:
                raise
        finally:
            client.adapter.close()
        with self._lock:
            self._role_token = None
        client, _ = self._client()
        try:
            return _data(client, mount, path)
        finally:
            client.adapter.close()

    def _client(self) -> tuple[hvac.Client, bool]:
        """A client that is signed in, and whether its sign-in is an older one."""
        import hvac

        address = self._environment.get("VAULT_ADDR")
        if not address:
            raise SecretUnavailable("VAULT_ADDR is not set for this process, so no vault: reference can be resolved.")
        _check_address(address)
        client = hvac.Client(
            url=address,
            token="",
            timeout=self._timeout_s,
            allow_redirects=False,
            namespace=self._environment.get("VAULT_NAMESPACE") or None,
            verify=self._environment.get("VAULT_CACERT") or True,
        )
        token, kept = self._token(client)
        client.token = token
        return client, kept

    def _token(self, client: hvac.Client) -> tuple[str, bool]:
        given = self._environment.get("VAULT_TOKEN")
        if given:
            return given, False
        role, secret = self._environment.get("VAULT_ROLE_ID"), self._environment.get("VAULT_SECRET_ID")
        if not role or not secret:
            raise SecretUnavailable("Set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID, for this process.")
        with self._lock:
            if self._role_token is not None:
                return self._role_token, True
            answer = client.auth.approle.login(role_id=role, secret_id=secret, use_token=False)
            self._role_token = str(answer["auth"]["client_token"])
            return self._role_token, False


def _check_address(address: str) -> None:
    """TLS for everything that leaves the machine (SEC-004)."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise SecretUnavailable("VAULT_ADDR must begin with https:// (http:// on loopback only).")


def _data(client: hvac.Client, mount: str, path: str) -> dict[str, Any]:
    answer = client.secrets.kv.v2.read_secret_version(path=path, mount_point=mount, raise_on_deleted_version=True)
    return dict(answer["data"]["data"])
