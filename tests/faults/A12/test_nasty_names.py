"""A12: names with quotes, separators, controls, right-to-left marks and look-alikes are rejected or come out quoted."""

from __future__ import annotations

import html
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.alerts import Notice, NoticeKind, Severity
from bc_lib.domain.inventory import Environment, Inventory
from bc_lib.domain.names import InvalidName, check_name, check_text
from bc_lib.domain.notice_text import render
from bc_lib.integrations.inventory_file.reader import parse
from bc_lib.ports.inventory import InvalidInventory

NASTY = st.sampled_from(
    [
        "'",
        '"',
        ";",
        "--",
        "/",
        "\\",
        "\n",
        "\r",
        "\x00",
        "\t",
        " ",
        "\u202e",
        "\u2066",
        "\u043e",
        "\uff0d",
        "=",
        "%",
        "$(x)",
        "`",
        "A",
    ]
)
AROUND = st.text("abc0-", max_size=10)


@given(AROUND, NASTY, AROUND)
def test_a_nasty_name_is_no_name(before: str, nasty: str, after: str) -> None:
    with pytest.raises(InvalidName) as refused:
        check_name("Resource", before + nasty + after)
    assert str(refused.value).isascii()
    assert str(refused.value).isprintable(), "the refusal itself carries nothing into a terminal"


@given(AROUND, NASTY)
def test_a_file_with_a_nasty_name_gives_sentences_and_no_inventory(before: str, nasty: str) -> None:
    content = yaml.safe_dump(
        {"schema_version": 1, "sites": [{"name": before + nasty, "title": "x"}]}, allow_unicode=True
    )
    with pytest.raises(InvalidInventory) as refused:
        parse(content.encode(), "estate.yaml")
    assert all(line.startswith("estate.yaml:") and line.isprintable() for line in refused.value.errors)


@pytest.mark.parametrize("text", ["a\nb", "a\rBcc: x@example.com", "\u202eabc", "a\x00b", "", "   ", "x" * 201])
def test_free_text_is_one_printable_line(text: str) -> None:
    with pytest.raises(InvalidName):
        check_text("Owner", text)


@given(st.text(max_size=80))
def test_a_notice_never_carries_markup_or_a_second_header(text: str) -> None:
    """Whatever a server says in an error ends up in mails: quoted, and the subject on one line."""
    notice = Notice(
        kind=NoticeKind.BREACH,
        severity=Severity.CRITICAL,
        resource="orders-db",
        tier=1,
        environment=Environment.DEMO,
        code="CHECK_FAILED",
        text=f"<script>{text}",
        occurred_at=datetime(2026, 11, 23, tzinfo=UTC),
        dedup_key="k",
        incident="i",
    )
    made = render(notice, "http://localhost:8501")
    assert "<script>" not in made.body_html
    assert html.escape("<script>") in made.body_html
    assert "\n" not in made.subject
    assert "\r" not in made.subject


def test_an_innocent_file_is_read() -> None:
    """The check above could otherwise pass by refusing everything."""
    made = parse(b"schema_version: 1\nsites:\n  - {name: fra, title: Frankfurt}\n", "estate.yaml")
    assert isinstance(made, Inventory)
    assert [site.name for site in made.sites] == ["fra"]
