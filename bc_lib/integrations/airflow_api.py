"""Airflow's public REST API, as a service account that may start DAG runs and write notes (decision 3).

Implements ports.dispatch.Starter. One instance belongs to one thread; it signs in when it must.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.dispatch import AirflowAway, AirflowSilent, DagOrder, Report
from bc_lib.ports.secrets import InvalidReference, SecretResolver, SecretUnavailable

TIMEOUT_S, PAGE, MOST_PAGES = 10.0, 100, 20
UNAUTHORIZED, NOT_FOUND, CONFLICT, REFUSED = 401, 404, 409, 400
DAGS = [kind.value for kind in RequestType]
ACTS = {
    "patch_task_instance": "marked",
    "patch_task_instance_by_map_index": "marked",
    "patch_task_group_instances": "marked",
    "bulk_task_instances": "marked",
    "patch_dag_run": "marked",
    "bulk_dag_runs": "marked",
    "post_clear_task_instances": "cleared",
    "clear_dag_run": "cleared",
    "clear_dag_runs": "cleared",
    "delete_dag_run": "cleared",
    "delete_task_instance": "cleared",
}


class AirflowApi:
    """`base`: the address of Airflow's API server; `credential`: a reference to the account's name and password."""

    def __init__(self, base: str, credential: str, secrets: SecretResolver, client: httpx.Client | None = None) -> None:
        self._client = client or httpx.Client(base_url=base.rstrip("/"), timeout=TIMEOUT_S)
        self._credential, self._secrets = credential, secrets
        self._token, self._account, self._read = "", "", 0

    def start(self, order: DagOrder, note: str) -> bool:
        """See the port."""
        body = {
            "dag_run_id": order.run_id,
            "logical_date": None,
            "conf": {"request": order.request},
            "note": note or None,
        }
        return "dag_run_id" in self._ask("POST", f"/dags/{quote(order.dag)}/dagRuns", body, fine=(CONFLICT,))

    def active(self) -> Collection[str]:
        """See the port."""
        found: set[str] = set()
        while True:
            body = {
                "dag_ids": DAGS,
                "states": ["queued", "running"],
                "page_limit": PAGE,
                "page_offset": len(found),
                "order_by": "id",
            }
            page = self._ask("POST", "/dags/~/dagRuns/list", body).get("dag_runs", [])
            found |= {str(run["dag_run_id"]) for run in page}
            if len(page) < PAGE:
                return found

    def note(self, order: DagOrder, text: str) -> None:
        """See the port."""
        path = f"/dags/{quote(order.dag)}/dagRuns/{quote(order.run_id)}"
        self._ask("PATCH", path, {"note": text}, fine=(NOT_FOUND,))

    def acts(self, after: int) -> Sequence[Report]:
        """See the port."""
        # Our own notes are acts as well, and told to nobody: they are read once.
        found, after, newest = dict[int, Report](), max(after, self._read), self._read
        for page in range(MOST_PAGES if after else 1):  # the first look ever takes the newest page
            asked: dict[str, Any] = {"included_events": list(ACTS), "order_by": "-event_log_id", "limit": PAGE}
            logs = self._ask("GET", "/eventLogs", params=asked | {"offset": page * PAGE}).get("event_logs", [])
            new = [log for log in logs if int(log["event_log_id"]) > after]
            newest = max([newest, *(int(log["event_log_id"]) for log in new)])
            found |= {int(log["event_log_id"]): _report(log) for log in new if log.get("owner") != self._account}
            if len(new) < PAGE:
                break
        self._read = newest
        return [found[event] for event in sorted(found)]

    def _ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        params: Mapping[str, Any] | None = None,
        fine: Collection[int] = (),
    ) -> dict[str, Any]:
        for fresh in (False, True):
            if fresh or not self._token:
                self._sign_in()
            answer = self._send(method, f"/api/v2{path}", body, params, {"Authorization": f"Bearer {self._token}"})
            if answer.status_code != UNAUTHORIZED:
                break
        if answer.status_code >= REFUSED and answer.status_code not in fine:
            raise AirflowAway(f"Airflow refused {method} {path}: {answer.status_code} {_detail(answer)}")
        return _object(answer)

    def _sign_in(self) -> None:
        try:
            given = self._secrets.credential(self._credential)
        except (SecretUnavailable, InvalidReference) as error:
            raise AirflowSilent(f"The service account for Airflow is not known: {error}") from error
        answer = self._send("POST", "/auth/token", {"username": given.username, "password": given.password}, None, {})
        token = _object(answer).get("access_token")
        if answer.status_code >= REFUSED or not isinstance(token, str):
            raise AirflowSilent(f"Airflow does not let the service account {given.username} in ({answer.status_code}).")
        self._token, self._account = token, given.username

    def _send(
        self, method: str, path: str, body: object, params: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> httpx.Response:
        try:
            return self._client.request(method, path, json=body, params=params, headers=dict(headers))
        except httpx.HTTPError as error:
            raise AirflowSilent(f"Airflow's API does not answer ({type(error).__name__}).") from error


def _report(log: Mapping[str, Any]) -> Report:
    event, extra = str(log.get("event")), _extra(log)
    wanted = extra.get("new_state") or extra.get("state") or ""
    return Report(
        kind=ACTS[event],
        dag=str(log.get("dag_id") or extra.get("dag_id") or ""),
        run_id=str(log.get("run_id") or extra.get("dag_run_id") or ""),
        task=str(log.get("task_id") or ", ".join(map(str, extra.get("task_ids") or [])) or ""),
        person=str(log.get("owner") or ""),
        said=f"{event} {wanted}".strip(),
        event=int(log["event_log_id"]),
    )


def _extra(log: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(log.get("extra") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _detail(answer: httpx.Response) -> str:
    return str(_object(answer).get("detail") or "")[:200]
