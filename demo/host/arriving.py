"""An order as it arrives: nothing in it is trusted."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from bc_lib.ports.host_control import HostRefused, HostVerb, Order

# It becomes part of a folder's name.
RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z", re.ASCII)
MAX_WORD = 200


def order_from(node: str, verb: str, body: Any) -> Order:
    """The order in a request. Raises HostRefused with what is wrong."""
    try:
        deadline = datetime.fromisoformat(body["deadline"])
        order = Order(
            node=node,
            verb=HostVerb(verb),
            resource=_word(body["resource"]),
            run=_word(body["run"]),
            step=_word(body["step"]),
            epoch=_number(body["epoch"]),
            deadline=deadline,
            peer_host=_word(body["peer_host"]) if body.get("peer_host") is not None else None,
            peer_port=_number(body["peer_port"]) if body.get("peer_port") is not None else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise HostRefused("precondition", f"This is no order for a host: {type(error).__name__} {error}.") from None
    if deadline.tzinfo is None or not RUN.match(order.run):
        raise HostRefused("precondition", "An order needs a deadline with its time zone and a run's plain name.")
    return order


def _word(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_WORD or not value.isprintable():
        raise ValueError("a word is missing or too long")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("a number is missing")
    return value
