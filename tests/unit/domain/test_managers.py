"""Signs of managers, and what follows from them: unknown is not unmanaged, and plain options are no Patroni."""

from __future__ import annotations

import pytest

from bc_lib.connectors.postgresql.managers import FIXED, hidden, signs
from bc_lib.domain.managers import Manager, ManagerSign, managing

PATRONI = ManagerSign(Manager.PATRONI, "application Patroni heartbeat")


@pytest.mark.parametrize("left_out", FIXED)
def test_settings_on_a_command_line_are_patroni_only_where_all_five_are(left_out: str) -> None:
    """Containers, the demo and these tests start servers with options too."""
    some = [name for name in FIXED if name != left_out]
    assert signs({"shown": FIXED, "fixed": some}) == ()
    assert [each.manager for each in signs({"shown": FIXED, "fixed": FIXED})] == [Manager.PATRONI]


@pytest.mark.parametrize(
    ("kind", "name", "manager"),
    [
        ("application", "Patroni heartbeat", Manager.PATRONI),
        ("application", "Patroni restapi", Manager.PATRONI),
        ("role", "cnpg_metrics_exporter", Manager.CLOUDNATIVEPG),
        ("slot", "_cnpg_pair_2", Manager.CLOUDNATIVEPG),
        ("extension", "repmgr", Manager.REPMGR),
        ("slot", "repmgr_slot_2", Manager.REPMGR),
        ("extension", "pgautofailover", Manager.PG_AUTO_FAILOVER),
        ("slot", "pgautofailover_standby_2", Manager.PG_AUTO_FAILOVER),
        ("role", "pgautofailover_monitor", Manager.PG_AUTO_FAILOVER),
        ("role", "rds_superuser", Manager.CLOUD),
        ("setting", "rds.force_ssl", Manager.CLOUD),
        ("role", "cloudsqlsuperuser", Manager.CLOUD),
        ("role", "azure_pg_admin", Manager.CLOUD),
    ],
)
def test_a_name_that_a_manager_leaves(kind: str, name: str, manager: Manager) -> None:
    assert signs({"shown": FIXED, kind: [name]}) == (ManagerSign(manager, f"{kind} {name}"),)


def test_other_names_are_nobody_s() -> None:
    found = {"role": ["repmgrx", "patroni", "app"], "application": ["psql"], "slot": ["ams"], "extension": None}
    assert signs({"shown": FIXED, **found}) == ()


def test_settings_that_cannot_be_seen_are_not_known() -> None:
    assert hidden({"shown": FIXED[1:]})
    assert hidden({})
    assert not hidden({"shown": list(FIXED)})


def test_what_follows() -> None:
    """Declared, detected, overruled, not known, nothing: one code and one sentence each."""
    none = Manager.NONE
    assert managing("db", Manager.CLOUD, "", []).code == "MANAGED"
    assert managing("db", Manager.OTHER, "", [PATRONI]).refusal is not None
    detected = managing("db", none, "", [PATRONI, PATRONI])
    assert (detected.code, str(detected.refusal).count("heartbeat")) == ("MANAGED_UNDECLARED", 1)
    overruled = managing("db", none, "It was taken away", [PATRONI])
    assert (overruled.code, overruled.refusal) == ("MANAGER_OVERRULED", None)
    unknown = managing("db", none, "", [], hidden=["ams"])
    assert (unknown.code, unknown.refusal, "cannot be read at ams" in unknown.sentence) == (
        "MANAGER_UNKNOWN",
        None,
        True,
    )
    assert managing("db", none, "", []).code == ""
