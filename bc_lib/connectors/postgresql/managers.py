"""Signs of cluster managers, operators and cloud services that any monitoring account can see.

Patroni hands wal_level, max_connections, wal_log_hints, max_replication_slots and cluster_name to the server on its
command line (its CMDLINE_OPTIONS); some of them are there for other reasons as well, so all five are asked for.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bc_lib.domain.managers import Manager, ManagerSign

FIXED = ("cluster_name", "max_connections", "max_replication_slots", "wal_level", "wal_log_hints")
M = Manager
# Kind of thing, pattern of its name, whose it is.
NAMES: tuple[tuple[str, str, Manager], ...] = (
    ("application", "Patroni heartbeat", M.PATRONI),
    ("application", "Patroni restapi", M.PATRONI),
    ("role", "cnpg_*", M.CLOUDNATIVEPG),
    ("slot", "_cnpg_*", M.CLOUDNATIVEPG),
    ("setting", "cnpg.*", M.CLOUDNATIVEPG),
    ("extension", "repmgr", M.REPMGR),
    ("role", "repmgr", M.REPMGR),
    ("slot", "repmgr_slot_*", M.REPMGR),
    ("setting", "repmgr.*", M.REPMGR),
    ("extension", "pgautofailover", M.PG_AUTO_FAILOVER),
    ("role", "pgautofailover_*", M.PG_AUTO_FAILOVER),
    ("slot", "pgautofailover_*", M.PG_AUTO_FAILOVER),
    ("application", "pgautofailover_*", M.PG_AUTO_FAILOVER),
    ("role", "rds_superuser", M.CLOUD),
    ("role", "rdsadmin", M.CLOUD),
    ("setting", "rds.*", M.CLOUD),
    ("role", "cloudsqlsuperuser", M.CLOUD),
    ("role", "cloudsqladmin", M.CLOUD),
    ("setting", "cloudsql.*", M.CLOUD),
    ("role", "alloydbsuperuser", M.CLOUD),
    ("role", "azure_pg_admin", M.CLOUD),
    ("role", "azuresu", M.CLOUD),
    ("setting", "azure.*", M.CLOUD),
    ("role", "neon_superuser", M.CLOUD),
    ("slot", "stolon_*", M.OTHER),
    ("role", "stolon*", M.OTHER),
)
KINDS = ("application", "extension", "role", "setting", "slot")


def like(kind: str) -> str:
    """A SQL array of LIKE patterns for the names of this kind."""
    patterns = (pattern.replace("_", r"\_").replace("*", "%") for of, pattern, _ in NAMES if of == kind)
    return "ARRAY[" + ", ".join(f"'{each}'" for each in patterns) + "]"


def signs(answer: Mapping[str, Any]) -> tuple[ManagerSign, ...]:
    """What the server's answer shows."""
    return tuple(dict.fromkeys(_signs(answer)))


def hidden(answer: Mapping[str, Any]) -> bool:
    """Whether the settings that would show a manager could not all be seen: then nothing found means nothing."""
    return set(answer.get("shown", ())) != set(FIXED)


def _signs(answer: Mapping[str, Any]) -> Iterator[ManagerSign]:
    if set(answer.get("fixed", ())) == set(FIXED):
        yield ManagerSign(M.PATRONI, f"{', '.join(FIXED)} are set on its command line")
    for kind in KINDS:
        for name in _names(answer.get(kind)):
            owner = next(
                (of for each, pattern, of in NAMES if each == kind and fnmatch.fnmatchcase(name, pattern)), None
            )
            if owner is not None:
                yield ManagerSign(owner, f"{kind} {name}")


def _names(value: Any) -> Sequence[str]:
    """Foreign text: printable and of bounded length."""
    return sorted({"".join(char if char.isprintable() else "?" for char in str(name)[:63]) for name in value or ()})
