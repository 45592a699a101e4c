"""TRAFFIC: lead the clients to the new primary where their driver does not find it itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx

from bc_lib.connectors.addresses import system_look_up
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.domain.endpoints import InvalidEndpoint, check_address
from bc_lib.domain.execution_rules import address_fits
from bc_lib.domain.inventory import Endpoint, TrafficKind
from bc_lib.ports.mechanism import StepFailed, StepPaused, StepUnknown

TIMEOUT_S = 10.0


def lead(ground: Ground) -> dict[str, Any]:
    """Call the webhook. Raises StepFailed, StepUnknown where its answer was lost, StepPaused for a person's part."""
    execution = ground.execution
    if execution.traffic is TrafficKind.MULTI_HOST:
        return {"traffic": "the clients' driver finds the primary itself"}
    if execution.traffic is TrafficKind.MANUAL:
        raise StepPaused(f"A person leads the clients of {ground.resource.name} to {ground.target.place}.")
    address = str(execution.webhook)
    _allowed(ground, address)
    body = {
        "request": ground.work.request,
        "resource": ground.resource.name,
        "site": ground.target.site,
        "node": ground.target.node,
    }
    key = f"{ground.work.request}/{ground.work.step.key}"
    seconds = max(0.5, min(TIMEOUT_S, ground.left_s()))
    try:
        with httpx.Client(timeout=seconds, follow_redirects=False, trust_env=False) as client:
            answer = client.post(address, json=body, headers={"Idempotency-Key": key})
    except (httpx.ConnectError, httpx.ConnectTimeout):
        raise StepFailed("The traffic webhook cannot be reached; clients were not led anywhere.") from None
    except httpx.HTTPError:
        raise StepUnknown("The traffic webhook's answer was lost; it may have moved the clients.") from None
    if not answer.is_success:
        raise StepFailed(f"The traffic webhook answered {answer.status_code}; clients may not have been led.")
    return {"traffic": "webhook", "status": answer.status_code, **body}


def _allowed(ground: Ground, address: str) -> None:
    """The same allow-list as for endpoints (A13). Raises StepFailed."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    place = Endpoint(site=ground.target.site, node="traffic-webhook", url=address)
    try:
        if not address_fits(address):
            raise StepFailed("The traffic webhook's address is not allowed; correct the inventory.")
        for found in system_look_up(host):
            check_address(ground.resource, place, found)
    except InvalidEndpoint as error:
        raise StepFailed(str(error)) from None
    except OSError:
        raise StepFailed(f"The traffic webhook's host {host} cannot be resolved.") from None
