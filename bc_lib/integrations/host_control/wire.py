"""Orders and states as JSON, the way they travel to a host agent and back."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from bc_lib.ports.host_control import Done, HostState, Order


def order_to(order: Order) -> dict[str, Any]:
    """As JSON; node and verb stand in the path."""
    found = asdict(order)
    del found["node"], found["verb"]
    return found | {"deadline": order.deadline.isoformat()}


def state_to(state: HostState) -> dict[str, Any]:
    """As JSON."""
    found = asdict(state)
    found["clock"] = state.clock.isoformat() if state.clock else None
    found["changed_at"] = state.changed_at.isoformat() if state.changed_at else None
    found["preserved"] = list(state.preserved)
    found["effects"] = dict(state.effects)
    found["limits"] = dict(state.limits)
    return found


def state_from(found: dict[str, Any]) -> HostState:
    """Back again; unknown keys are passed over. Raises ValueError, TypeError, AttributeError."""
    known = {item.name for item in fields(HostState)}
    values = {key: value for key, value in found.items() if key in known}
    for name in ("clock", "changed_at"):
        values[name] = datetime.fromisoformat(values[name]) if values.get(name) else None
    values["preserved"] = tuple(values.get("preserved") or ())
    values["limits"] = {str(name): str(value) for name, value in (values.get("limits") or {}).items()}
    return HostState(**values)


def done_to(done: Done) -> dict[str, Any]:
    """As JSON."""
    return {"again": done.again, "details": dict(done.details), "state": state_to(done.state)}


def done_from(found: Any) -> Done:
    """Back again. Raises ValueError, TypeError, KeyError, AttributeError."""
    return Done(state=state_from(found["state"]), again=bool(found["again"]), details=dict(found["details"]))
