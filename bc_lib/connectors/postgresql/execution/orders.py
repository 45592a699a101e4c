"""Orders to the hosts: sent again while the answer is lost, because a host does each order once (decision 5)."""

from __future__ import annotations

import time
from collections.abc import Callable

from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.domain.inventory import Endpoint
from bc_lib.ports.host_control import (
    Done,
    HostRefused,
    HostSecretUnavailable,
    HostState,
    HostUnknown,
    HostUnreachable,
    HostVerb,
    Order,
)
from bc_lib.ports.mechanism import StepFailed, StepUnknown

FAILED = "failed"  # of HostRefused's codes
AGAIN_AFTER_S = 0.1
LEAST_S = 0.05
STOP_SHARE = 0.5  # of a move's time may be the stop's


class NoHost(StepFailed):
    """The order was certainly not delivered, or there is nobody to deliver it to."""


class NotToBeHad(StepFailed):
    """The host tried, or looked, and says that it does not go: asking again without a change brings the same."""


def order(
    ground: Ground, endpoint: Endpoint, verb: HostVerb, *, within_s: float, peer: Endpoint | None = None, turn: str = ""
) -> Done:
    """Have a host do `verb` once. `turn` tells a second doing of the same verb in one step from the first.

    Raises NoHost where it was certainly not delivered, StepFailed where the host refused (NotToBeHad: for good),
    StepUnknown where the answer stays lost.
    """
    if ground.hosts is None:
        raise NoHost(f"The host of {endpoint.place} is not under our control; a person must {verb.value} the server.")
    until = time.monotonic() + min(within_s, ground.left_s())
    wanted = Order(
        node=endpoint.node,
        verb=verb,
        resource=ground.resource.name,
        run=ground.work.request,
        step=ground.work.step.key + turn,
        epoch=ground.work.epoch,
        deadline=ground.work.effect_by,
        peer_host=peer.host if peer else None,
        peer_port=peer.port if peer else None,
    )
    sent = False
    while True:
        left = until - time.monotonic()
        if left < LEAST_S:
            if sent:
                raise StepUnknown(
                    f"The host of {endpoint.place} may have carried out {verb.value}; its answer was lost."
                )
            raise NoHost(f"No time was left to tell the host of {endpoint.place} to {verb.value}.")
        try:
            return ground.hosts.carry_out(wanted, left)
        except HostUnreachable as error:
            if isinstance(error, HostSecretUnavailable):
                ground.missed = ground.missed or str(error)
            if not sent:
                raise NoHost(str(error)) from None
        except HostUnknown:
            sent = True
        except HostRefused as error:
            raise (NotToBeHad if error.code == FAILED else StepFailed)(str(error)) from None
        time.sleep(min(AGAIN_AFTER_S, max(0.0, until - time.monotonic())))


def stopped(state: HostState) -> bool:
    """True where the host says that the server certainly does not run."""
    return state.running is False


def cleanly(state: HostState) -> bool:
    """True where the server wrote its shutdown checkpoint: everything it acknowledged is in front of it."""
    return stopped(state) and state.cluster_state == "shut down" and state.checkpoint_lsn is not None


def control_file(state: HostState) -> str:
    """What the server last wrote of itself; it stays "in production" where it was killed. Empty: not read."""
    return f"control file: {state.cluster_state}" if state.cluster_state else ""


def runs(state: HostState) -> bool:
    """True where the host says that the server runs."""
    return state.running is True


def now(
    ground: Ground,
    endpoint: Endpoint,
    verb: HostVerb,
    good: Callable[[HostState], bool],
    *,
    within_s: float,
    peer: Endpoint | None = None,
) -> HostState:
    """Have a host do `verb`; its state as it is now, not as it was when the order was first done. Raises as `order`."""
    done = order(ground, endpoint, verb, within_s=within_s, peer=peer)
    if not done.again:
        return done.state
    state, trouble = ground.host_state(endpoint.node)
    if state is None:
        raise StepUnknown(f"What became of {verb.value} at {endpoint.place} cannot be seen: {trouble}")
    if good(state):
        return state
    # Done before and taken back since (an undone try): this try does it again, under a name of its own.
    return order(ground, endpoint, verb, within_s=within_s, peer=peer, turn=f"~{ground.work.epoch}").state


def stop(ground: Ground, endpoint: Endpoint, *, within_s: float) -> HostState:
    """The server stopped. Raises as `order`."""
    return now(ground, endpoint, HostVerb.STOP, stopped, within_s=within_s)
