"""The moves of the walk, in an order that ends where it began when nothing is left out."""

from __future__ import annotations

from dataclasses import dataclass

ORDERS, PAYMENTS = ("resource", "orders-db"), ("group", "payments")
HOME = "fra"  # where the demo estate lives
WATCHED = {"orders-db": ("orders-db",), "payments": ("orders-db", "billing-db")}


@dataclass(frozen=True, slots=True)
class Move:
    """`breaks`: the fault that is made before. `pictured`: the word or decision at which pictures are taken."""

    key: str
    scope: tuple[str, str]
    kind: str
    drill: str = ""
    breaks: str = ""
    pictured: str = "Succeeded"


MOVES = (
    Move("switchover", ORDERS, "Switchover"),
    Move("failback", ORDERS, "Failback"),
    Move("failover", ORDERS, "Failover", breaks="primary-down", pictured="Allow"),
    Move("failback-again", ORDERS, "Failback"),
    Move("group", PAYMENTS, "Switchover"),
    Move("group-failback", PAYMENTS, "Failback"),
    Move("rehearsal", ORDERS, "Drill", drill="Rehearsal"),
    Move("live", ORDERS, "Drill", drill="Live drill", pictured="End the hold"),
)
