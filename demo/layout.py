"""What the estate consists of, read from demo/estate.yaml so that the inventory and the servers cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

ESTATE_FILE = Path(__file__).with_name("estate.yaml")
# Not part of the inventory: how the demo makes a standby that is late on purpose.
APPLY_DELAY = {"reports-db": "2min"}
ROWS_PER_SECOND = {1: 20.0, 2: 5.0}
TABLES = {"orders": "orders", "billing": "invoices", "reports": "report_rows"}


@dataclass(frozen=True, slots=True)
class Place:
    """One endpoint: where the monitor reaches a resource at a site. `port` is the default one."""

    resource: str
    site: str
    port: int

    @property
    def node(self) -> str:
        return f"{self.resource}-{self.site}"


@dataclass(frozen=True, slots=True)
class Pair:
    """A replicated database: `home` starts as primary, `dr` as standby."""

    name: str
    tier: int
    database: str
    home: Place
    dr: Place

    @property
    def table(self) -> str:
        """The table that the write load fills."""
        return TABLES.get(self.database, "orders")

    @property
    def rows_per_second(self) -> float:
        return ROWS_PER_SECOND[self.tier]

    @property
    def apply_delay(self) -> str | None:
        """recovery_min_apply_delay of the standby."""
        return APPLY_DELAY.get(self.name)

    @property
    def places(self) -> tuple[Place, Place]:
        return (self.home, self.dr)

    def peer(self, place: Place) -> Place:
        """The other place."""
        return self.dr if place == self.home else self.home


@dataclass(frozen=True, slots=True)
class WebApp:
    """A small web application with one server a site; it queries the database of `database_of`."""

    name: str
    home: Place
    dr: Place
    database_of: str

    @property
    def places(self) -> tuple[Place, Place]:
        return (self.home, self.dr)


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything the agent runs."""

    pairs: tuple[Pair, ...]
    apps: tuple[WebApp, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        of_pairs = [place for pair in self.pairs for place in pair.places]
        return (*of_pairs, *(place for app in self.apps for place in app.places))


def load(path: Path = ESTATE_FILE) -> Layout:
    """The layout in the estate file."""
    document = yaml.safe_load(path.read_text())
    resources = document["resources"]
    pairs = tuple(_pair(item) for item in resources if item["platform"] == "postgresql")
    apps = tuple(_app(item, document) for item in resources if item["platform"] == "http")
    return Layout(pairs, apps)


def _pair(item: dict[str, Any]) -> Pair:
    at = {end["site"]: end for end in item["endpoints"]}
    home, dr = (Place(item["name"], item[key], at[item[key]]["port"]) for key in ("home_site", "dr_site"))
    return Pair(item["name"], item["tier"], at[item["home_site"]]["database"], home, dr)


def _app(item: dict[str, Any], document: dict[str, Any]) -> WebApp:
    at = {end["site"]: urlsplit(end["url"]).port for end in item["endpoints"]}
    home, dr = (Place(item["name"], item[key], at[item[key]] or 80) for key in ("home_site", "dr_site"))
    members = {group["name"]: [member["resource"] for member in group["members"]] for group in document["groups"]}
    needs = [name for need in item["depends_on"] for name in members.get(need, [need])]
    return WebApp(item["name"], home, dr, needs[0])
