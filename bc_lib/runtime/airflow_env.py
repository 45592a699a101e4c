"""Airflow's settings for one machine: lean, loopback only, everything in the data folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from bc_lib.runtime.folders import PROJECT
from bc_lib.runtime.jsonfile import write_private

VIEWER, ADMIN, SERVICE = "viewer", "admin", "dispatcher"
PASSWORDS, SERVICE_PASSWORD = "passwords.json", "BC_AIRFLOW_SERVICE_PASSWORD"


def settings(data: Path, port: int, connection: str, secrets: Mapping[str, str]) -> dict[str, str]:
    """Environment of every Airflow process. `connection`: URL of its own database."""
    home, logs, base = data / "airflow", data / "logs" / "airflow", f"http://127.0.0.1:{port}"
    sections: dict[str, dict[str, object]] = {
        "core": {
            "dags_folder": PROJECT / "dags",
            "plugins_folder": PROJECT / "plugins",
            "load_examples": False,
            "executor": "LocalExecutor",
            "parallelism": 12,
            "fernet_key": _fernet(secrets["airflow_secret_key"]),
            "execution_api_server_url": f"{base}/execution/",
            "auth_manager": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
            "simple_auth_manager_users": f"{VIEWER}:viewer,{ADMIN}:admin,{SERVICE}:user",
            "simple_auth_manager_passwords_file": home / PASSWORDS,
            "dags_are_paused_at_creation": False,
            "internal_api_secret_key": secrets["airflow_secret_key"],
        },
        "database": {
            "sql_alchemy_conn": connection,
            "sql_alchemy_conn_async": connection,
            "load_default_connections": False,
            "sql_alchemy_pool_size": 5,
            "sql_alchemy_max_overflow": 5,
        },
        "api": {
            "host": "127.0.0.1",
            "port": port,
            "base_url": base,
            "workers": 1,
            "secret_key": secrets["airflow_secret_key"],
            "expose_config": False,
        },
        "api_auth": {"jwt_secret": secrets["airflow_jwt"]},
        "scheduler": {
            "scheduler_idle_sleep_time": 0.3,
            "enable_health_check": False,
            "task_instance_heartbeat_timeout": 30,
            # Tasks of a scheduler that was killed are nobody's until this look; its default is five minutes.
            "orphaned_tasks_check_interval": 15,
            "catchup_by_default": False,
        },
        # A task outlives an API server that is started again: some 40 s; the limit above speaks before the heartbeats'.
        "workers": {
            "max_failed_heartbeats": 10,
            "execution_api_retries": 12,
            "execution_api_retry_wait_max": 8.0,
        },
        "dag_processor": {"parsing_processes": 1, "min_file_process_interval": 60, "refresh_interval": 30},
        "logging": {
            "logging_level": "WARNING",
            # Each task's log tells its story; what Airflow says about itself stays short.
            "namespace_levels": "task=INFO bc=INFO",
            "base_log_folder": logs,
            "dag_processor_child_process_log_directory": logs / "dag_processor",
            "worker_log_server_port": 0,
        },
        "usage_data_collection": {"enabled": False},
    }
    environment = {
        f"AIRFLOW__{name.upper()}__{key.upper()}": str(value)
        for name, keys in sections.items()
        for key, value in keys.items()
    }
    return {"AIRFLOW_HOME": str(home), "PYTHONWARNINGS": "ignore", **environment}


def write_sign_in(data: Path, secrets: Mapping[str, str]) -> None:
    """The file in which Airflow's sign-in finds the passwords of its users (0600)."""
    users = {VIEWER: "airflow_viewer", ADMIN: "airflow_admin", SERVICE: "airflow_service"}
    given = {SERVICE: os.environ.get(SERVICE_PASSWORD)}
    passwords = {user: given.get(user) or secrets[key] for user, key in users.items()}
    write_private(data / "airflow" / PASSWORDS, passwords)


# A trigger's log is written at the process's own level, whatever its logger is called.
TRIGGERER = {
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
    "AIRFLOW__LOGGING__NAMESPACE_LEVELS": "airflow=WARNING alembic=WARNING",
}


def service_env(port: int, secrets: Mapping[str, str]) -> dict[str, str]:
    """For tasks: where Airflow's API is, and the account that starts DAG runs there."""
    return {
        "BC_AIRFLOW_API": f"http://127.0.0.1:{port}",
        "BC_AIRFLOW_CREDENTIAL": "env:BC_AIRFLOW_SERVICE",
        "BC_AIRFLOW_SERVICE": f"{SERVICE}:{secrets['airflow_service']}",
    }


def _fernet(key: str) -> str:
    """A Fernet key (32 bytes, base64 with padding) from a url-safe token of 32 bytes."""
    return key + "=" * (-len(key) % 4)
