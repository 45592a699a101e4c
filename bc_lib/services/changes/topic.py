"""What proposals may be about. A topic says how its documents are read, compared and judged; the rest is the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bc_lib.domain.authorization import Verb
from bc_lib.domain.changes.proposal import Proposal, TopicName
from bc_lib.domain.requests.notice import RequestNoticeKind
from bc_lib.ports.requests import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a proposal would change: for people, and before and after as JSON values for the audit.

    `members`: the resources it touches.
    """

    lines: tuple[str, ...]
    payload: Mapping[str, Any]
    members: tuple[str, ...] = ()


class Topic(Protocol):
    """One kind of proposal. Reading a document raises InvalidDocument where it is not of our form."""

    @property
    def name(self) -> TopicName:
        """Its name in statements, audit records and refusals."""
        ...

    @property
    def verb(self) -> Verb:
        """What an administrator must be allowed to do."""
        ...

    @property
    def told_as(self) -> RequestNoticeKind | None:
        """How security is told of every applied change; None: only of forgeries."""
        ...

    @property
    def page(self) -> str:
        """The page that shows its proposals."""
        ...

    def newest(self, reading: Reading) -> int:
        """The version that stands."""
        ...

    def difference(self, reading: Reading, base_version: int, document: str) -> Difference:
        """What `document` changes of version `base_version`."""
        ...

    def trouble(self, reading: Reading, proposal: Proposal) -> str | None:
        """Why what it wants cannot stand, as a phrase that follows "because"; None where it can."""
        ...

    def shown(self, reading: Reading, document: str) -> Mapping[str, Any]:
        """What a document wants, whole, as JSON values for commands."""
        ...
