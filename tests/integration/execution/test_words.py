"""A failover of a killed primary, read wherever people read: no keys, no names of values, no machines' times, no ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bc_lib.domain.requests.states import State
from bc_lib.services.evidence.standalone_pack import unpack
from tests.fixtures.commands import commands
from tests.fixtures.evidence import Packs
from tests.fixtures.moving import Moving
from tests.fixtures.raw_names import RAW, raw_names
from tests.ui.real_screens import Open, opened, text

__all__ = ["commands"]
VM = "vm-7:4711"
PAGES = (("overview", {}), ("requests", {}), ("drills", {}), ("resource", {"name": "orders-db"}),
         ("ask", {"resource": "orders-db"}))  # fmt: skip


def read_pages(open_: Open, request: str) -> dict[str, str]:
    """Every page about it, as its approver reads it."""
    found = {page: text(open_("ian", page, **query)) for page, query in PAGES}
    return found | {
        "request": text(open_("ian", "requests", id=request)),
        "run": text(open_("ian", "run", id=request)),
    }


def mails(moving: Moving) -> dict[str, str]:
    """Subject and both bodies of everything in the outbox."""
    rows = moving.world.database.sql("postgres", "SELECT notification, id FROM bc.outbox ORDER BY id")
    return {
        f"mail {number}, {told['metadata']['kind']}, {form}": told[form]
        for told, number in rows  # type: ignore[misc]
        for form in ("subject", "body", "body_html")
    }


def told(commands: Any, request: str) -> dict[str, str]:
    """What commands print."""
    asked = (("status",), ("request", "list"), ("request", "show", request), ("run", "show", request),
             ("request", "create", "--type", "switchover", "--resource", "orders-db", "--reason", "again",
              "--target-site", "fra", "--as", "olga"), ("runbook", "show", "orders-db"))  # fmt: skip
    return {f"bcctl {' '.join(words[:2])}": commands(*words)[1] for words in asked}


def test_nobody_reads_what_is_meant_for_machines(moving: Moving, commands: Any, tmp_path: Path) -> None:
    packs, new = Packs(moving.world, tmp_path / "evidence"), moving.other
    moving.tells = True
    request = moving.lose_primary(new)
    said: dict[str, str] = {}
    with opened(moving.world) as open_:
        said |= {f"{name} before": each for name, each in read_pages(open_, request.id).items()}
        moving.observe()
        report = moving.run(request, VM)
        assert report.state == State.SERVICE_RESTORED, report.text
        moving.observe()
        said["report of the runner"] = report.text
        said |= {f"{name} held": each for name, each in read_pages(open_, request.id).items()}
        said |= {f"{name}, held": each for name, each in told(commands, request.id).items()}
        moving.rejoin(request)
        said |= {f"{name} after": each for name, each in read_pages(open_, request.id).items()}
    said |= told(commands, request.id)
    said |= mails(moving)
    said["pack"] = unpack(packs.take(request))[0]["report.html"].decode()
    assert len(said) > 3 * (len(PAGES) + 2) + 20, sorted(said)
    assert [name for name, each in said.items() if len(each.strip()) < 20] == [], "nothing there to be read"
    assert {"started", "held", "succeeded", "created"} <= {
        name.split(", ")[1] for name in said if name.startswith("mail ")
    }
    found = {name: raw for name, each in said.items() if (raw := raw_names(each))}
    assert found == {}


@pytest.mark.parametrize("kind", RAW)
def test_what_is_looked_for_is_found(kind: str) -> None:
    """The patterns of the test above: each finds its own, and what is to be typed is left out."""
    sample = {
        "step key": "Stopped before <b>orders-db/rewind</b>.",
        "check key": "Go on in spite of orders-db/lag",
        "name of a value": "Owed: ReprotectOwed",
        "moment inside a step": "caught-up",
        "machine's time": "Since 2026-11-29T04:51:50.772921+00:00",
        "process": "by vm-7:4711",
        "short name of a site": "Failover of orders-db to ams",
    }[kind]
    assert any(each.startswith(kind) for each in raw_names(sample))
    assert raw_names("<code>bcctl run allow r-1 orders-db/rewind</code> FAILOVER orders-db TO ams") == []
