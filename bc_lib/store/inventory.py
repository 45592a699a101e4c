"""The inventory in the database: the source of truth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bc_lib.domain.actor import Actor
from bc_lib.domain.inventory import Inventory
from bc_lib.ports.inventory import StaleRevision, StoredInventory
from bc_lib.store import tables
from bc_lib.store.codec import to_json
from bc_lib.store.inventory_rows import TABLES, Rows, from_rows, to_rows
from bc_lib.store.refusing import refusing

# Rows are changed in place, for others may refer to them; of these the changed ones are written anew, because two of
# them may change places.
REWRITTEN = ("dependency",)


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

        Raises StaleRevision; Denial SECOND_ADMIN where the guards want two administrators;
        sqlalchemy.exc.IntegrityError for what the domain's rules should have refused.
        """
        with refusing(), self._engine.begin() as connection:
            stored = connection.execute(select(tables.inventory_revision.c.revision).with_for_update()).scalar_one()
            if stored != expected_revision:
                raise StaleRevision(
                    f"The inventory is at revision {stored}, this change was decided on revision "
                    f"{expected_revision}: somebody changed it meanwhile. Look at the difference again."
                )
            connection.execute(AUDITED_AS, {"actor": _audit_actor(actor), "channel": actor.channel})
            before = _load(connection)
            _write(connection, to_rows(before), to_rows(inventory))
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
        table = _table(name)
        rows[name] = list(connection.execute(select(table).order_by(table.c.position)).mappings())
    return from_rows(rows)


def _write(connection: Connection, before: Rows, rows: Rows) -> None:
    """Only rows that differ are touched: guards judge each one, and what is the same is nobody's change."""
    for name in reversed(TABLES):
        if name != "site":  # sites go last: resources that stay may still refer to one that leaves
            _remove(connection, name, before, rows)
    for name in TABLES:
        _put(connection, name, before, rows)
    _remove(connection, "site", before, rows)


def _remove(connection: Connection, name: str, before: Rows, rows: Rows) -> None:
    """What is no more."""
    table, columns = _table(name), _key(name)
    keep = {_of(row, columns): row for row in rows[name]}
    for row in before[name]:
        key = _of(row, columns)
        if key not in keep or (name in REWRITTEN and keep[key] != row):
            connection.execute(delete(table).where(*(table.c[column] == row[column] for column in columns)))


def _put(connection: Connection, name: str, before: Rows, rows: Rows) -> None:
    """What is new or changed."""
    table, columns = _table(name), _key(name)
    was = {_of(row, columns): row for row in before[name]}
    wanted = [row for row in rows[name] if was.get(_of(row, columns)) != row]
    if not wanted:
        return
    statement = upsert(table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in columns}
    connection.execute(statement.on_conflict_do_update(index_elements=columns, set_=changed), wanted)


def _table(name: str) -> Table:
    return tables.metadata.tables[f"{tables.SCHEMA}.{name}"]


def _key(name: str) -> tuple[str, ...]:
    return tuple(column.name for column in _table(name).primary_key)


def _of(row: dict[str, Any], columns: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[column] for column in columns)
