"""Runs one of Airflow's processes below `bcctl up`: `python -m bc_lib.runtime.airflow_part scheduler ...`.

What an earlier one left behind is given up first, and the scheduler imports beforehand what its tasks need.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import runpy
import sys
from pathlib import Path

from bc_lib.runtime import pg_binaries, psql

# "1": nobody else starts Airflow's processes on this database, so an earlier one of the same kind is dead.
ALONE = "BC_AIRFLOW_ALONE"
CONNECTION = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
CONNECTIONS = (CONNECTION, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC")
JOBS = {"scheduler": "SchedulerJob", "triggerer": "TriggererJob"}
# Airflow itself finds out by a silence of 30 s; until then its tasks and waits are nobody's.
BURY = "UPDATE job SET state = 'failed', end_date = now() WHERE job_type = {job} AND state = 'running';"
# Tasks were forked from the scheduler: the orphans among them keep a killed one's session open, in a transaction that
# has locked the very DAG runs that are to be taken up.
END_SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = {name} AND pid <> pg_backend_pid();
"""
# What the scheduler has imported costs the task processes forked from it nothing (else about 1 s of CPU each).
WARM = (
    "airflow.dag_processing.bundles.local",
    "airflow.providers.standard.decorators.python",
    "airflow.sdk.execution_time.task_runner",
    "jinja2.ext",
    "sqlalchemy.dialects.postgresql.psycopg",
    "bc_lib.bootstrap_dispatch",
    "bc_lib.bootstrap_execution",
    "bc_lib.connectors.mechanisms",
    "bc_lib.integrations.host_control.choosing",
    "bc_lib.integrations.secrets.kept",
    "bc_lib.integrations.secrets.resolver",
    "bc_lib.integrations.vote_proof.demo",
    "bc_lib.integrations.vote_proof.ed25519",
    "bc_lib.jobs",
    "bc_lib.jobs_requests",
    "httpx",
)
WARM_PACKAGES = ("bc_lib.connectors.postgresql", "bc_lib.services", "bc_lib.store")


def bury(part: str) -> None:
    """End in Airflow's database what an earlier one of this kind has left. Trouble with it hinders nobody."""
    name = f"airflow-{part}"
    job = BURY.format(job=psql.literal(JOBS[part])) if part in JOBS else ""
    bin_folder = Path(os.environ.get("BC_POSTGRES_BIN") or pg_binaries.wheel_bin())
    try:
        psql.run(bin_folder, os.environ[CONNECTION], END_SESSIONS.format(name=psql.literal(name)) + job)
    except psql.SqlFailed as trouble:
        print(f"An earlier {part} is not given up, Airflow finds out by itself: {trouble}", file=sys.stderr)
    for variable in CONNECTIONS:
        address = os.environ[variable]
        os.environ[variable] = f"{address}{'&' if '?' in address else '?'}application_name={name}"


def warm() -> None:
    """Import what tasks need; nothing is connected or built. What is missing is missed where it is used."""
    for name in (*WARM, *(each for package in WARM_PACKAGES for each in _modules(package))):
        try:
            importlib.import_module(name)
        except ImportError as trouble:
            print(f"{name} cannot be imported: {trouble}", file=sys.stderr)


def _modules(package: str) -> list[str]:
    folders = importlib.import_module(package).__path__
    return [each.name for each in pkgutil.walk_packages(folders, f"{package}.")]


def main(words: list[str]) -> None:
    """Become `airflow <words>`; does not return."""
    if os.environ.get(ALONE) == "1":
        bury(words[0])
    if words[0] == "scheduler":
        warm()
    sys.argv = ["airflow", *words]
    runpy.run_module("airflow", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
