"""Unlogged tables: replication does not carry them, so they come out empty on the other side. In every database."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bc_lib.connectors.postgresql.execution import statements
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.link import Link
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.inventory import Endpoint
from bc_lib.domain.loss import beside
from bc_lib.domain.words import one_line
from bc_lib.ports.mechanism import CredentialUnavailable

MOST_DATABASES = 50
KEY = "not_carried"  # in the facts of CHECK and of the move, for the loss statement
NOT_LOOKED = asdict(beside.NOT_LOOKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlogged:
    """One table. `size_bytes` None: not known, as at a standby, which has no such data."""

    database: str
    name: str
    size_bytes: int | None

    def words(self, home: str) -> str:
        """`cart`, `sales.cart`, `cart in database shop`; `home` is the database of the endpoint."""
        name = self.name.removeprefix("public.")
        return name if self.database == home else f"{name} in database {self.database}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """`unseen`: databases that could not be looked at, with why. `asked`: the node; its database is `home`."""

    asked: str
    home: str
    tables: tuple[Unlogged, ...] = ()
    unseen: tuple[tuple[str, str], ...] = ()

    def not_carried(self) -> list[dict[str, Any]]:
        """For the loss statement: what a proof about the log says nothing of."""
        found = beside.unlogged_tables([(table.words(self.home), table.size_bytes) for table in self.tables])
        return [asdict(each) for each in found] + [
            {"name": f"unlogged tables in database {name}, which could not be looked at", "size_bytes": None}
            for name, _ in self.unseen
        ]


def look(ground: Ground, endpoint: Endpoint) -> Seen:
    """Every database of one server. Raises Trouble where the server cannot be asked, CredentialUnavailable."""
    home = str(endpoint.database)
    with ground.open(endpoint) as link:
        names = [str(name) for (name,) in link.rows(statements.DATABASES)]
        tables = _tables(link, home)
    unseen = [(name, "too many databases") for name in names[MOST_DATABASES:]]
    for name in names[:MOST_DATABASES]:
        if name == home:
            continue
        try:
            with ground.open(endpoint, database=name) as link:
                tables += _tables(link, name)
        except Trouble as trouble:
            unseen.append((one_line(name), trouble.sentence))
    return Seen(asked=endpoint.node, home=home, tables=tuple(sorted(tables, key=_order)), unseen=tuple(unseen))


def of_check(ground: Ground) -> Any:
    """What the run's CHECK noted for the loss statement; that nobody looked where it did not."""
    return ground.work.earlier.get(f"{ground.resource.name}/{Action.CHECK}", {}).get(KEY, [NOT_LOOKED])


def seen_now(ground: Ground, *endpoints: Endpoint) -> Seen | None:
    """From the first of them that can be asked; None: none."""
    for endpoint in endpoints:
        try:
            return look(ground, endpoint)
        except (Trouble, CredentialUnavailable):
            continue
    return None


def _tables(link: Link, database: str) -> list[Unlogged]:
    return [
        Unlogged(database=one_line(database), name=one_line(name), size_bytes=bytes_)
        for name, bytes_ in link.rows(statements.UNLOGGED)
    ]


def _order(table: Unlogged) -> tuple[int, str, str]:
    return -(table.size_bytes or 0), table.database, table.name
