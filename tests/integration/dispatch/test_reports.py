"""A task of ours died, or somebody changed one in Airflow: audited, told, and on Health, once (decision 2, FR-040)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bc_lib.domain.assessment import Status
from bc_lib.ports.dispatch import DagOrder, Report
from bc_lib.ports.reading import ComponentBeat
from bc_lib.services.dispatch.reports import pass_on, read_airflows_log, recent_words
from bc_lib.services.own_health import RUN_HISTORY, component_items
from bc_lib.store.dispatch import ReportStore
from tests.fixtures.requests import World, world

__all__ = ["world"]


@dataclass
class Log:
    """Airflow's own log, as its API gives it."""

    found: list[Report] = field(default_factory=list)

    def start(self, order: DagOrder, note: str) -> bool:
        """Not here."""
        return True

    def active(self) -> list[str]:
        """Not here."""
        return []

    def note(self, order: DagOrder, text: str) -> None:
        """Not here."""

    def acts(self, after: int) -> list[Report]:
        """Those since then."""
        return [report for report in self.found if (report.event or 0) > after]


def act(kind: str, event: int | None = None, person: str = "", said: str = "patch_task_instance success") -> Report:
    """About execute of r-1~1."""
    return Report(kind=kind, dag="failover", run_id="r-1~1", task="execute", said=said, person=person, event=event)


def store(world: World, role: str = "bc_runner") -> ReportStore:
    """As a role."""
    return ReportStore(world.database.engine(role))


def told(world: World) -> set[str]:
    """Keys of the notices, without the channel."""
    return {key for key in world.outbox() if key.startswith("airflow/")}


def told_kinds(world: World) -> set[str]:
    """What was told."""
    return {key.split("/")[1] for key in told(world)}


def audited(world: World) -> list[tuple[str, str, str | None]]:
    """Verb, who, outcome."""
    return [(each.verb, each.actor.name, each.outcome) for each in world.audit.entries if each.verb.startswith("dag.")]


@pytest.mark.parametrize("role", ["bc_reader", "bc_poller", "bc_keeper", "bc_runner"])
def test_each_process_of_airflow_may_say_something_and_nothing_else(world: World, role: str) -> None:
    """The API server and the DAG processor were given the reader's role."""
    store(world, role).report(act("died", said="killed"))
    assert [report.said for report in store(world).untold()] == ["killed"]
    if role != "bc_runner":
        for statement in ("UPDATE bc.airflow_report SET told_at = now()", "DELETE FROM bc.airflow_report"):
            with pytest.raises(Exception, match="permission denied|read-only"):
                world.database.sql(role, statement)


def test_a_task_that_died_is_audited_and_told_once(world: World) -> None:
    store(world).report(act("died", said="RuntimeError: broken"))
    assert pass_on(world.runner, store(world)) == 1
    assert audited(world) == [("dag.died", "airflow", "died")]
    assert told_kinds(world) == {"died"}
    assert pass_on(world.runner, store(world)) == 0
    assert len(audited(world)) == 1


def test_a_mark_carries_the_person_whom_airflows_log_names(world: World) -> None:
    """The listener saw it done, the log knows who."""
    store(world, "bc_reader").report(act("marked", said="marked as success"))
    airflow = Log([act("marked", event=7, person="anna")])
    read_airflows_log(store(world), airflow)
    read_airflows_log(store(world), airflow)
    assert pass_on(world.runner, store(world)) == 2
    assert audited(world) == [("dag.marked", "anna", "marked"), ("dag.marked", "anna", "asked")]
    assert told_kinds(world) == {"marked"}
    assert store(world).recent()[-1].person == "anna"


def test_what_airflow_refused_is_audited_and_nobody_is_alarmed(world: World) -> None:
    """Airflow's log has a refused mark exactly like a done one; only a done one is seen by the listener."""
    read_airflows_log(store(world), Log([act("marked", event=7, person="vera")]))
    pass_on(world.runner, store(world))
    assert audited(world) == [("dag.marked", "vera", "asked")]
    assert told(world) == set()
    assert recent_words(store(world))["changed"] == 0


def test_a_clear_is_told_with_the_person(world: World) -> None:
    """Airflow tells no listener of it."""
    read_airflows_log(store(world), Log([act("cleared", event=9, person="anna", said="post_clear_task_instances")]))
    pass_on(world.runner, store(world))
    assert audited(world) == [("dag.cleared", "anna", "cleared")]
    assert told_kinds(world) == {"cleared"}


def test_a_flood_is_not_kept(world: World) -> None:
    world.database.sql(
        "bc_reader",
        "SET LOCAL transaction_read_only = off; "
        "SELECT bc.report_airflow('died', 'd', 'r', 't', 'x') FROM generate_series(1, 1200)",
    )
    assert world.database.sql("postgres", "SELECT count(*) FROM bc.airflow_report") == [(1000,)]


def test_health_counts_a_day_and_says_the_newest(world: World) -> None:
    now = world.runner.store.read.now()

    def item(details: dict[str, object]) -> tuple[Status, str]:
        beats = [ComponentBeat(component="dispatcher", instance="vm:1", beat_at=now, details=details)]
        found = next(item for item in component_items(now, beats) if item.name == RUN_HISTORY)
        return found.status, found.text

    assert item({})[0] is Status.NEVER_SEEN
    assert item({"airflow": recent_words(store(world))})[0] is Status.GREEN
    store(world).report(act("died", said="killed"))
    store(world).report(act("marked", said="marked as success"))
    status, text = item({"airflow": recent_words(store(world))})
    assert status is Status.YELLOW
    assert "1 task of ours died in Airflow and 1 were changed there by people." in text
    assert "The task execute of r-1~1 (failover) died: killed" in text
