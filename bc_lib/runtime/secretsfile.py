"""Passwords of this installation: made once, kept in `<data>/secrets.json` (0600), never printed or logged."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from bc_lib.runtime.jsonfile import BrokenFile, read_object, write_private

FILE_NAME = "secrets.json"
SUPERUSER = "postgres"
LOGIN_ROLES = (
    "bc_owner",
    "bc_ui",
    "bc_poller",
    "bc_runner",
    "bc_keeper",
    "bc_reader",
    "bc_signer",
    "bc_sign_on",
)
AIRFLOW_ROLE = "airflow"
KEYS = (
    SUPERUSER,
    *LOGIN_ROLES,
    AIRFLOW_ROLE,
    "airflow_jwt",
    "airflow_secret_key",
    "airflow_viewer",
    "airflow_admin",
    "airflow_service",
    "streamlit_cookie",
    "audit_signing_key",
)


def _new(key: str) -> str:
    return secrets.token_urlsafe(64 if key.startswith("airflow_jwt") else 32)


def load(data: Path) -> dict[str, str]:
    """The passwords; an empty mapping where there is no file yet. Raises BrokenFile."""
    path = data / FILE_NAME
    try:
        found = read_object(path) or {}
    except BrokenFile as error:
        raise BrokenFile(
            f"{error} Put back a copy of it, or move {data} away to start afresh (that gives up its history)."
        ) from error
    return {key: str(value) for key, value in found.items()}


def ensure(data: Path) -> Mapping[str, str]:
    """The passwords, with those that are missing made and stored. Raises BrokenFile."""
    known = load(data)
    missing = [key for key in KEYS if not known.get(key)]
    if missing:
        known.update({key: _new(key) for key in missing})
        write_private(data / FILE_NAME, known)
    return known
