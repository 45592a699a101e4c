"""The inventory in the database: the source of truth."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, not_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bc_lib.domain.actor import Actor
from bc_lib.domain.inventory import Inventory
from bc_lib.ports.inventory import StaleRevision, StoredInventory
from bc_lib.store import tables
from bc_lib.store.codec import to_json
from bc_lib.store.inventory_rows import TABLES, Rows, from_rows, to_rows

# Rows that others refer to are changed in place; the rest is written anew.
NAMED = ("site", "resource", "resource_group", "channel")


# The audit record of the change is written by a trigger, which reads these for its transaction.
AUDITED_AS = text("SELECT set_config('bc.audit_actor', :actor, true), set_config('bc.audit_channel', :channel, true)")


class InventoryRepository:
    """Implements ports.inventory.InventoryRepository; role bc_ui changes, every role reads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def revision(self) -> int:
        """The stored revision alone: cheap enough to ask every few seconds."""
        with self._engine.connect() as connection:
            return _revision(connection)

    def load(self) -> StoredInventory:
        """The whole inventory at one moment."""
        with self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            return StoredInventory(_load(connection), _revision(connection))

    def replace(self, inventory: Inventory, *, expected_revision: int, actor: Actor, summary: str) -> int:
        """Store `inventory` in one transaction, all or nothing; the new revision.

        Raises StaleRevision; sqlalchemy.exc.IntegrityError for what the domain's rules should have refused.
        """
        with self._engine.begin() as connection:
            stored = connection.execute(select(tables.inventory_revision.c.revision).with_for_update()).scalar_one()
            if stored != expected_revision:
                raise StaleRevision(
                    f"The inventory is at revision {stored}, this change was decided on revision "
                    f"{expected_revision}: somebody changed it meanwhile. Look at the difference again."
                )
            connection.execute(AUDITED_AS, {"actor": _audit_actor(actor), "channel": actor.channel})
            before = _load(connection)
            _write(connection, to_rows(inventory))
            revision = int(stored) + 1
            connection.execute(update(tables.inventory_revision).values(revision=revision, changed_at=text("bc.now()")))
            connection.execute(
                insert(tables.inventory_change).values(
                    revision=revision,
                    at=text("bc.now()"),
                    actor=actor.display_name,
                    summary=summary,
                    before=to_json(before),
                    after=to_json(inventory),
                )
            )
        return revision


def _audit_actor(actor: Actor) -> str:
    return json.dumps({"person": None, "issuer": actor.issuer, "subject": actor.subject, "name": actor.display_name})


def _revision(connection: Connection) -> int:
    return int(connection.execute(select(tables.inventory_revision.c.revision)).scalar_one())


def _load(connection: Connection) -> Inventory:
    rows: dict[str, list[Any]] = {}
    for name in TABLES:
        table = tables.metadata.tables[f"{tables.SCHEMA}.{name}"]
        rows[name] = list(connection.execute(select(table).order_by(table.c.position)).mappings())
    return from_rows(rows)


def _write(connection: Connection, rows: Rows) -> None:
    for name in reversed(TABLES):
        _remove(connection, name, rows)
    for name in TABLES:
        _put(connection, name, rows)


def _remove(connection: Connection, name: str, rows: Rows) -> None:
    """Everything of an unnamed table; of a named one what is not in `rows`."""
    table = tables.metadata.tables[f"{tables.SCHEMA}.{name}"]
    if name not in NAMED:
        connection.execute(delete(table))
    elif name != "site":  # sites go last: resources that stay may still refer to one that leaves
        connection.execute(delete(table).where(not_(table.c.name.in_([row["name"] for row in rows[name]]))))


def _put(connection: Connection, name: str, rows: Rows) -> None:
    table = tables.metadata.tables[f"{tables.SCHEMA}.{name}"]
    if rows[name]:
        statement = upsert(table)
        if name in NAMED:
            changed = {column.name: statement.excluded[column.name] for column in table.c if column.name != "name"}
            statement = statement.on_conflict_do_update(index_elements=["name"], set_=changed)
        connection.execute(statement, rows[name])
    if name == "endpoint":
        sites = tables.site
        connection.execute(delete(sites).where(not_(sites.c.name.in_([row["name"] for row in rows["site"]]))))
