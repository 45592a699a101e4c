"""Reason codes. Who is the primary."""

from __future__ import annotations

from typing import Final

from bc_lib.domain.reason_rows.words import NO, WHO, R, Row, Y

# fmt: off
ROWS: Final[tuple[Row, ...]] = (
    ("NO_PRIMARY", R, NO, WHO, "No primary",
     "Every node was seen and none of them is a primary: nobody can write.",
     "Find out which node was the primary last, and promote the one with the furthest position.",
     "pg_is_in_recovery()"),
    ("TWO_PRIMARIES", R, NO, NO, "Two primaries",
     "More than one node accepts writes (F15). Data may be diverging at this moment.",
     "Decide which one is right, stop writes at the other, and keep its data folder before any rebuild.",
     "pg_is_in_recovery()"),
    ("ONE_SERVER", R, NO, NO, "Two names, one server",
     ("Two nodes of the inventory answer with the same start and the same system identifier: one server under two "
      "names (a virtual address, a forwarder, both address families). Nothing protects it, whatever it looks like."),
     "Correct the endpoints in the inventory; give each node an address that leads to it alone.",
     "pg_postmaster_start_time(); pg_control_system()"),
    ("UNREQUESTED_MOVE", R, None, None, "Role change nobody asked for",
     ("A node changed its role, or the timeline moved, without a request here. Kept for 24 hours or until "
      "acknowledged, so that a move and a move back in the night are still seen in the morning."),
     "Ask who moved it; check whether another cluster manager acts on this database.",
     "role and timeline against the round before"),
    ("WATCHED_ONLY", None, NO, NO, "Watched only",
     ("Nothing here can move it. It is watched, no move or drill of it is offered or due, and it does not count where"
      " moves and drills are counted."),
     "Move it by its own means.",
     "platform; inventory"),
    ("MANAGED", None, NO, NO, "Moved by its manager",
     ("The inventory says that a cluster manager, an operator or a cloud service moves this resource. A move from here "
      "would be undone or answered as a failure, so none is made."),
     "Move it through its manager.",
     "inventory"),
    ("MANAGED_UNDECLARED", Y, NO, NO, "Looks managed, declared unmanaged",
     ("The server shows signs of a cluster manager, an operator or a cloud service, and the inventory says that nobody "
      "manages it. Beneath a manager no move is made: it would be undone or end in two primaries."),
     ("Name the manager in the inventory (`manager:`). Where the signs are of something else, two administrators may "
      "overrule them with a reason (`manager_overruled:`)."),
     "pg_settings; pg_roles; pg_extension; pg_replication_slots; pg_stat_activity"),
    ("MANAGER_OVERRULED", None, None, None, "Signs of a manager overruled",
     "The server shows signs of a manager, and administrators said in the inventory that they do not count.",
     "Take the reason out of the inventory when it does not hold any more.",
     "inventory; pg_settings"),
    ("MANAGER_UNKNOWN", Y, WHO, WHO, "Not known whether it is managed",
     "What would show a cluster manager cannot be read, so that it is not known whether a move would act beneath one.",
     "Compare the monitoring account's rights with sql/grants/.",
     "pg_settings"),
    ("SITE_MISMATCH", None, None, None, "Not at its home site",
     "The primary runs at another site than the home site.",
     "Plan a failback when the home site is healthy.",
     "role; inventory"),
    ("DIFFERENT_SYSTEM", R, NO, NO, "The sites are not copies of each other",
     "The system identifiers differ: the standby was not made from this primary.",
     "Check the endpoints in the inventory, or rebuild the standby.",
     "pg_control_system()"),
    ("DIFFERENT_HISTORY", R, NO, NO, "Standby has another history",
     ("The standby holds what the primary never wrote, is on a later timeline, or its timeline began at another "
      "position: they went different ways, although system identifier and timeline number may agree. Promoting it "
      "would bring back data that this primary does not have, and lose what this primary has. Kept until the standby "
      "is made anew."),
     "Keep its data folder, find out when it took writes, then rewind or rebuild it.",
     "positions and timelines of both, read one after the other"),
    ("PRIMARY_READ_ONLY", R, None, None, "Primary refuses writes",
     "default_transaction_read_only is on at the primary: a soft fence, or a leftover of one.",
     "Find out who set it; reset it when no move is under way.",
     "default_transaction_read_only"),
)
