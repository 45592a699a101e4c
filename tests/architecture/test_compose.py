"""docker-compose.yml by hand-written strict rules.

No Docker runs where these tests were written and the compose specification's schema is not at hand,
so this checks the keys in use, every reference, secrets, ports, and who gets which database role.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
ROLES = {
    "prepare": {"OWNER", "UI", "POLLER", "RUNNER", "KEEPER", "READER", "SIGNER", "SIGN_ON"},
    "airflow-api-server": {"READER"},
    "airflow-scheduler": set(),
    "airflow-dag-processor": {"READER"},
    "airflow-triggerer": {"READER", "KEEPER"},
    "airflow-worker": {"KEEPER", "RUNNER"},
    "airflow-worker-poller": {"POLLER"},
    "audit-signer": {"SIGNER"},
    "sign-on": {"SIGN_ON"},
    "pages": {"UI", "READER"},
    "database": set(),
    "broker": set(),
}
SERVICE_KEYS: dict[str, type | tuple[type, ...]] = {
    "image": str,
    "build": str,
    "restart": str,
    "init": bool,
    "read_only": bool,
    "tmpfs": list,
    "cap_drop": list,
    "security_opt": list,
    "environment": dict,
    "volumes": list,
    "depends_on": dict,
    "command": list,
    "ports": list,
    "healthcheck": dict,
    "profiles": list,
    "stop_grace_period": str,
}
HEALTH_KEYS = {"test", "interval", "timeout", "retries", "start_period"}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
FROM_OUTSIDE = re.compile(r"\$\{[A-Z_]+:\?\}")
SECRET = re.compile(r"PASSWORD$|SECRET|_KEY$|BROKER_URL|RESULT_BACKEND|SQL_ALCHEMY_CONN|DATABASE_URL|SUPERUSER_URL")
DURATION = re.compile(r"\d+(ms|s|m|h)\Z")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
    return loaded


def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


def test_top_level_and_service_keys_are_known_and_of_the_right_kind(compose: dict[str, Any]) -> None:
    assert {key for key in compose if not key.startswith("x-")} == {"name", "services", "volumes"}
    for name, service in services(compose).items():
        for key, value in service.items():
            assert isinstance(value, SERVICE_KEYS[key]), f"{name}.{key}"
        assert "image" in service, name


def test_the_services_are_those_of_the_architecture(compose: dict[str, Any]) -> None:
    assert set(services(compose)) == set(ROLES)
    executor = services(compose)["airflow-scheduler"]["environment"]["AIRFLOW__CORE__EXECUTOR"]
    assert executor == "CeleryExecutor"


def test_every_reference_exists(compose: dict[str, Any]) -> None:
    known = services(compose)
    assert any(service.get("depends_on") for service in known.values())
    assert any(service.get("volumes") for service in known.values())
    for name, service in known.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in known, f"{name} depends on {other}"
            assert how["condition"] in CONDITIONS
            if how["condition"] == "service_healthy":
                assert "healthcheck" in known[other]
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in compose["volumes"], f"{name}: {volume}"


def test_health_checks_are_whole(compose: dict[str, Any]) -> None:
    checks = {name: service["healthcheck"] for name, service in services(compose).items() if "healthcheck" in service}
    assert checks
    for name, check in checks.items():
        assert set(check) <= HEALTH_KEYS, name
        assert check["test"][0] in {"CMD", "CMD-SHELL"}
        assert DURATION.match(check["interval"])
        assert DURATION.match(check["timeout"])


def test_no_secret_stands_in_the_file(compose: dict[str, Any]) -> None:
    """SEC-005: each comes from outside, and its absence stops the start."""
    variables = [key for service in services(compose).values() for key in service.get("environment", {})]
    assert any(SECRET.search(key) for key in variables)
    for name, service in services(compose).items():
        for key, value in service.get("environment", {}).items():
            assert isinstance(value, str), f"{name}.{key} must be quoted"
            if SECRET.search(key):
                assert FROM_OUTSIDE.fullmatch(value), f"{name}.{key}"
        assert "://" not in shlex.join(service.get("command", [])), name


def test_published_ports_stay_on_loopback(compose: dict[str, Any]) -> None:
    published = [(name, port) for name, service in services(compose).items() for port in service.get("ports", [])]
    assert published
    assert [(name, port) for name, port in published if not port.startswith("127.0.0.1:")] == []


def test_each_process_gets_only_its_own_database_roles(compose: dict[str, Any]) -> None:
    prefix = "BC_DATABASE_URL_"
    found = {
        name: {key.removeprefix(prefix) for key in service.get("environment", {}) if key.startswith(prefix)}
        for name, service in services(compose).items()
    }
    assert found == ROLES


def test_the_same_airflow_commands_as_bcctl_up(compose: dict[str, Any]) -> None:
    plan = (PROJECT / "bc_lib" / "runtime" / "plan.py").read_text(encoding="utf-8")
    for part in ("api-server", "scheduler", "dag-processor", "triggerer"):
        assert services(compose)[f"airflow-{part}"]["command"][:2] == ["airflow", part]
        assert f'"{part}"' in plan


def test_the_image_installs_pins_with_hashes_and_runs_as_an_ordinary_user() -> None:
    text = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements/celery.txt" in text
    assert re.search(r"^USER bc$", text, re.MULTILINE)
    for source in re.findall(r"^COPY (\S+) ", text, re.MULTILINE):
        assert (PROJECT / source).exists(), source
