"""Who else acts on a pair: cluster managers, operators and cloud services. We never move beneath one (decision 24).

A move that we make directly, a promotion say, is undone, repeated or answered by such a manager as a failure: two
primaries, or acknowledged writes that are rewound away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Manager(StrEnum):
    """What the inventory says about a resource; NONE: nobody, so it may be moved from here."""

    NONE = "none"
    PATRONI = "patroni"
    CLOUDNATIVEPG = "cloudnativepg"
    REPMGR = "repmgr"
    PG_AUTO_FAILOVER = "pg_auto_failover"
    CLOUD = "cloud"
    OTHER = "other"

    @property
    def shown(self) -> str:
        """As people write it."""
        return TITLES[self]


TITLES = {
    Manager.NONE: "nobody",
    Manager.PATRONI: "Patroni",
    Manager.CLOUDNATIVEPG: "CloudNativePG",
    Manager.REPMGR: "repmgr",
    Manager.PG_AUTO_FAILOVER: "pg_auto_failover",
    Manager.CLOUD: "a cloud service",
    Manager.OTHER: "a cluster manager",
}


@dataclass(frozen=True, slots=True)
class ManagerSign:
    """Something that a server shows and that only this manager leaves there. `sign` is a phrase."""

    manager: Manager
    sign: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Managing:
    """What follows for moves. `code`: of the finding, empty where there is none. `refusal`: why not, one sentence."""

    code: str = ""
    refusal: str | None = None
    sentence: str = ""


def managing(
    name: str, declared: Manager, overruled: str, signs: Iterable[ManagerSign], *, hidden: Iterable[str] = ()
) -> Managing:
    """The judgement. `overruled`: an administrator's reason in the inventory; `hidden`: nodes that could not be read.

    Not known is not unmanaged: where nothing was found and something could not be read, that is said.
    """
    if declared is not Manager.NONE:
        refusal = f"{name} is managed by {declared.shown}: move it through its manager, never from here."
        return Managing(code="MANAGED", refusal=refusal, sentence=refusal)
    found = tuple(dict.fromkeys(signs))
    if found:
        titles = " and ".join(dict.fromkeys(each.manager.shown for each in found))
        shown = "; ".join(dict.fromkeys(each.sign for each in found))
        seen = f"{name} is declared unmanaged and looks managed by {titles} ({shown})"
        if overruled:
            return Managing(code="MANAGER_OVERRULED", sentence=f"{seen}; an administrator overruled that: {overruled}.")
        refusal = f"{seen}: move it through its manager, or name it in the inventory."
        return Managing(code="MANAGED_UNDECLARED", refusal=refusal, sentence=refusal)
    places = " and ".join(dict.fromkeys(hidden))
    if places and not overruled:
        return Managing(
            code="MANAGER_UNKNOWN",
            sentence=f"Whether a cluster manager acts on {name} is not known: what would show it cannot be read at "
            f"{places}.",
        )
    return Managing()
