"""The inventory as a topic of proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bc_lib.domain.authorization import Verb
from bc_lib.domain.changes.meaning import weighty
from bc_lib.domain.changes.proposal import Proposal, TopicName
from bc_lib.domain.inventory_diff import Change, Plain, difference
from bc_lib.domain.inventory_rules import problems
from bc_lib.ports.requests import Reading
from bc_lib.services.changes.topic import Difference, Topic
from bc_lib.services.plan_inventory import change_lines


class InventoryTopic:
    """Implements Topic. Its version is the inventory's revision."""

    name, verb, told_as, page = TopicName.INVENTORY, Verb.CHANGE_INVENTORY, None, "/inventory"

    def newest(self, reading: Reading) -> int:
        """The inventory's revision."""
        return reading.changes.revision()

    def difference(self, reading: Reading, base_version: int, document: str) -> Difference:
        """Field by field, with what needs the second administrator first."""
        before, after = reading.changes.inventory_at(base_version), reading.changes.inventory_wanted(document)
        found = difference(before, after)
        return Difference(
            lines=(*(f"! {each.sentence}" for each in weighty(before, after, found)), *change_lines(found)),
            payload={"before": _side(found, after=False), "after": _side(found, after=True)},
            members=tuple(change.name for change in found if change.what == "resource"),
        )

    def trouble(self, reading: Reading, proposal: Proposal) -> str | None:
        """The first rule that it breaks."""
        found = problems(reading.changes.inventory_wanted(proposal.document))
        return f"{found[0].kind} {found[0].index + 1}: {found[0].text}" if found else None

    def shown(self, reading: Reading, document: str) -> Mapping[str, Any]:
        """The whole inventory that it wants."""
        return {"inventory": asdict(reading.changes.inventory_wanted(document))}


INVENTORY: Topic = InventoryTopic()


def _side(found: Sequence[Change], *, after: bool) -> dict[str, dict[str, Plain]]:
    """What differs, as it was or as it would be: {"resource orders-db": {"tier": 1}}."""
    return {
        f"{change.what} {change.name}": {each.name: each.after if after else each.before for each in change.fields}
        for change in found
    }
