"""One round over the nodes of a resource: at the same time, each within its limit, never raising."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from bc_lib.connectors.trouble import Progress, Trouble
from bc_lib.domain.endpoints import InvalidEndpoint, check_endpoint
from bc_lib.domain.inventory import Endpoint, Resource
from bc_lib.domain.observation import NodeFacts, NodeObservation, Observation, Reach

log = logging.getLogger(__name__)

Look = Callable[[Resource, Endpoint, bool, Progress], Awaitable[tuple[float, NodeFacts]]]
"""Looks at one endpoint once: seconds it took and what was seen. Raises Trouble."""


async def observe_nodes(resource: Resource, look: Look, *, cold: bool, timeout_s: float) -> Observation:
    """Every node of `resource` through `look`; `timeout_s` bounds each node, waiting for a slot included."""
    started = datetime.now(UTC)
    nodes = await asyncio.gather(
        *(_observe(resource, endpoint, look, cold, timeout_s) for endpoint in resource.endpoints)
    )
    return Observation(resource=resource.name, observed_at=started, nodes=tuple(nodes), cold=cold)


async def _observe(resource: Resource, endpoint: Endpoint, look: Look, cold: bool, timeout_s: float) -> NodeObservation:
    started = datetime.now(UTC)
    progress = Progress()
    try:
        check_endpoint(resource, endpoint)
        async with asyncio.timeout(timeout_s):
            latency_s, facts = await look(resource, endpoint, cold, progress)
    except TimeoutError:
        trouble = progress.timed_out(timeout_s)
    except InvalidEndpoint as error:
        trouble = Trouble(Reach.ERROR, str(error))
    except Trouble as error:
        trouble = error
    except Exception as error:  # a bug of ours must not blind the other nodes; only its type is safe to tell
        log.error("observing %s/%s failed with %s", resource.name, endpoint.node, type(error).__name__)
        trouble = Trouble(Reach.ERROR, f"The connector failed with {type(error).__name__}; please report this.")
    else:
        return NodeObservation(
            node=endpoint.node,
            site=endpoint.site,
            observed_at=started,
            reach=Reach.OK,
            latency_s=latency_s,
            facts=facts,
            answered_at=datetime.now(UTC),
        )
    return NodeObservation(
        node=endpoint.node,
        site=endpoint.site,
        observed_at=started,
        reach=trouble.reach,
        error=trouble.sentence,
        answered_at=datetime.now(UTC),
    )
