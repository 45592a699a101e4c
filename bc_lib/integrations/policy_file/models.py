"""The format of the file. Unknown keys are refused; which rules may stand is judged by the domain."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from bc_lib.domain.inventory import Environment
from bc_lib.domain.requests.policy import InBlackout
from bc_lib.domain.requests.policy_rules import MOST_PERSONS
from bc_lib.domain.requests.states import RequestType
from bc_lib.integrations.inventory_file import units

Seconds = Annotated[float, BeforeValidator(units.seconds)]
Count = Annotated[StrictInt, Field(ge=1, le=MOST_PERSONS)]


class Entry(BaseModel):
    """Whatever stands in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NeedsEntry(Entry):
    approver_it: Count | None = Field(None, alias="approver-it")
    approver_business: Count | None = Field(None, alias="approver-business")


class TicketEntry(Entry):
    required: StrictBool = False
    pattern: StrictStr | None = None


class RuleEntry(Entry):
    name: StrictStr
    needs: NeedsEntry
    tiers: list[Literal[1, 2]] = []
    types: list[RequestType] = []
    environments: list[Environment] = []
    ticket: TicketEntry = TicketEntry()
    approve_within: Seconds = 86_400.0
    confirm_within: Seconds = 14_400.0
    start_within: Seconds = 900.0
    in_blackout: InBlackout = InBlackout.FORBID


# By the path without places: which keys are allowed where. Names as in the file.
MODELS: dict[tuple[str, ...], type[BaseModel]] = {
    ("rules",): RuleEntry,
    ("rules", "needs"): NeedsEntry,
    ("rules", "ticket"): TicketEntry,
}
