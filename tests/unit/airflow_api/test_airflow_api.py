"""What is asked of Airflow's API, and what its answers mean. The real one answers in the tests of a whole stack."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bc_lib.integrations.airflow_api import AirflowApi
from bc_lib.integrations.secrets.resolver import Resolver
from bc_lib.ports.dispatch import AirflowAway, AirflowSilent, DagOrder

ORDER = DagOrder(request="r-1", number=1, dag="failover", run_id="r-1~1")
Answer = Callable[[httpx.Request], httpx.Response]


class Airflow:
    """Signs everybody in who knows the password, and answers as a test says."""

    def __init__(self, answer: Answer, password: str = "word") -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.tokens, self._answer, self._password = 0, answer, password

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        body = json.loads(request.content) if request.content else None
        if request.url.path == "/auth/token":
            if body["password"] != self._password:
                return httpx.Response(401, json={"detail": "Invalid credentials"})
            self.tokens += 1
            return httpx.Response(201, json={"access_token": f"token-{self.tokens}"})
        self.asked.append((request.method, request.url.path, body))
        return self._answer(request)

    def api(self, secret: str = "dispatcher:word") -> AirflowApi:
        """As our service account."""
        client = httpx.Client(transport=httpx.MockTransport(self), base_url="http://airflow")
        return AirflowApi("http://airflow", "env:ACCOUNT", Resolver({"ACCOUNT": secret}), client)


def test_a_start_carries_the_note_and_one_that_exists_is_left(caplog: pytest.LogCaptureFixture) -> None:
    airflow = Airflow(lambda _: httpx.Response(200, json={"dag_run_id": "r-1~1"}))
    assert airflow.api().start(ORDER, "r-1: failover") is True
    (asked,) = airflow.asked
    body = {"dag_run_id": "r-1~1", "logical_date": None, "conf": {"request": "r-1"}, "note": "r-1: failover"}
    assert asked == ("POST", "/api/v2/dags/failover/dagRuns", body)
    known = Airflow(lambda _: httpx.Response(409, json={"detail": "exists"}))
    assert known.api().start(ORDER, "") is False
    assert "word" not in caplog.text


def test_what_is_refused_or_does_not_answer_is_one_sentence() -> None:
    refusing = Airflow(lambda _: httpx.Response(400, json={"detail": "Dag has import errors"}))
    with pytest.raises(AirflowAway, match="Airflow refused POST .*: 400 Dag has import errors"):
        refusing.api().start(ORDER, "")

    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request)

    with pytest.raises(AirflowSilent, match=r"Airflow's API does not answer \(ConnectError\)\."):
        Airflow(silent).api().active()
    with pytest.raises(AirflowSilent, match="does not let the service account dispatcher in"):
        refusing.api("dispatcher:wrong").active()
    with pytest.raises(AirflowSilent, match="The service account for Airflow is not known"):
        refusing.api("nothing").active()


def test_an_expired_token_is_renewed_once_and_a_valid_one_is_kept() -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return httpx.Response(401 if len(seen) == 2 else 200, json={"dag_runs": []})

    airflow = Airflow(answer)
    api = airflow.api()
    api.active()
    api.active()
    assert seen == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]
    assert airflow.tokens == 2


def test_every_page_of_active_runs_is_read() -> None:
    names = [f"r-{number}~1" for number in range(250)]

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        page = names[body["page_offset"] : body["page_offset"] + body["page_limit"]]
        return httpx.Response(200, json={"dag_runs": [{"dag_run_id": name} for name in page]})

    assert set(Airflow(answer).api().active()) == set(names)


def test_a_note_of_a_run_that_is_gone_is_left_out() -> None:
    airflow = Airflow(lambda _: httpx.Response(404, json={"detail": "not found"}))
    airflow.api().note(ORDER, "Withdrawn")
    assert airflow.asked == [("PATCH", "/api/v2/dags/failover/dagRuns/r-1~1", {"note": "Withdrawn"})]


def test_acts_of_people_are_told_from_our_own_and_each_once() -> None:
    def log(number: int, event: str, owner: str, extra: str = "{}") -> dict[str, Any]:
        found = {"event_log_id": number, "event": event, "owner": owner, "extra": extra}
        return {**found, "dag_id": "failover", "run_id": "r-1~1", "task_id": None}

    logs = [
        log(9, "post_clear_task_instances", "anna", '{"task_ids": ["execute", "close"]}'),
        log(8, "patch_dag_run", "dispatcher"),
        log(7, "patch_task_instance", "anna", '{"new_state": "success"}'),
        log(6, "patch_task_instance", "anna", "no JSON"),
    ]
    api = Airflow(lambda _: httpx.Response(200, json={"event_logs": logs})).api()
    found = api.acts(6)
    assert [(act.event, act.kind, act.person, act.task) for act in found] == [
        (7, "marked", "anna", ""),
        (9, "cleared", "anna", "execute, close"),
    ]
    assert found[0].said == "patch_task_instance success"


def test_more_acts_than_a_page_holds_are_all_told() -> None:
    """Such as after an hour in which the dispatcher was away."""

    def answer(request: httpx.Request) -> httpx.Response:
        offset = int(request.url.params["offset"])
        numbers = range(350 - offset, max(0, 350 - offset - 100), -1)
        logs = [{"event_log_id": n, "event": "patch_dag_run", "owner": "anna", "dag_id": "drill"} for n in numbers]
        return httpx.Response(200, json={"event_logs": logs})

    airflow = Airflow(answer)
    api = airflow.api()
    assert [act.event for act in api.acts(120)] == list(range(121, 351))
    assert len(airflow.asked) == 3, "no more pages than hold what is new"
    assert api.acts(120) == []
    assert len(airflow.asked) == 4, "nor again what was read, though it may be our own and leave no report"
    assert len(airflow.api().acts(0)) == 100, "of a log that is read for the first time the newest page is enough"
