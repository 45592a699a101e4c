"""Composition of what orders DAG runs, what their tasks look up, and what Airflow's processes say.

BC_AIRFLOW_API is the address of Airflow's API server, BC_AIRFLOW_CREDENTIAL a reference to our service account there.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import TYPE_CHECKING

from bc_lib import bootstrap
from bc_lib.bootstrap import engine
from bc_lib.config import ConfigError, DbRole, has_url
from bc_lib.ports.dispatch import DispatchStore, ReportStore, Starter, Waits

if TYPE_CHECKING:
    from bc_lib.services.dispatch.order import Dispatcher
    from bc_lib.services.gate import Gate

API, CREDENTIAL = "BC_AIRFLOW_API", "BC_AIRFLOW_CREDENTIAL"
LOOKING = (DbRole.RUNNER, DbRole.READER)
SAYING = (DbRole.RUNNER, DbRole.KEEPER, DbRole.POLLER, DbRole.READER)


def orders() -> DispatchStore:
    """DAG runs that were ordered."""
    from bc_lib.store.dispatch import DispatchStore as Stored

    return Stored(engine(DbRole.RUNNER))


def beat(component: str, holder: str, details: dict[str, object], role: DbRole = DbRole.RUNNER) -> None:
    """A sign of life, as a role that this process was given."""
    from bc_lib.store.monitoring import beat as say

    say(engine(role), component, holder, details)


def starter() -> Starter:
    """Airflow's public API. Raises ConfigError where its address or our account there is not set."""
    from bc_lib.integrations.airflow_api import AirflowApi

    address, credential = (os.environ.get(name, "") for name in (API, CREDENTIAL))
    if not address or not credential:
        raise ConfigError(f"{API} and {CREDENTIAL} must be set where DAG runs are started.")
    return AirflowApi(address, credential, bootstrap.secrets())


def dispatcher(airflow: Starter) -> Dispatcher:
    """Rounds of ordering, with notes that say what a DAG run is about."""
    from bc_lib.domain.denial import Denial
    from bc_lib.ports.dispatch import DagOrder
    from bc_lib.services.dispatch.notes import note_of
    from bc_lib.services.dispatch.order import Dispatcher

    gate = bootstrap.gate(DbRole.RUNNER)

    def note(order: DagOrder) -> str:
        try:
            return note_of(gate.store.read, order, gate.base_url)
        except (Denial, LookupError, ValueError) as trouble:
            # A note that cannot be made keeps no DAG run from its start.
            return f"{order.request}: its note could not be made ({type(trouble).__name__})."

    return Dispatcher(store=orders(), starter=airflow, note=note)


def reports(*roles: DbRole) -> ReportStore:
    """What is said about our tasks, as the first of these roles that this process was given."""
    from bc_lib.store.dispatch import ReportStore as Stored

    return Stored(engine(_given(roles or SAYING)))


def looking_gate() -> Gate:
    """For what waiting tasks read; nothing is changed with it."""
    return bootstrap.gate(_given(LOOKING))


def wait_reader() -> Waits:
    """Where requests are; it keeps its connection."""
    from bc_lib.store.dispatch import WaitReader as Reader

    return Reader(engine(_given(LOOKING)))


def _given(roles: Collection[DbRole]) -> DbRole:
    """Tasks were given the runner's role, the triggerer and the API server the reader's."""
    return next((role for role in roles if has_url(role)), next(iter(roles)))
