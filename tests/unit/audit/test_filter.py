"""Filters of the audit log: each word counts or is refused, and an export's name tells filter and format (FR-042)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.audit import AuditFilter
from bc_lib.domain.audit_filter import FIELDS, WrongFilter, file_stem, filter_from, words_of

NOW = datetime(2026, 11, 29, 4, 5, 6, tzinfo=UTC)
NAMES = st.text(st.characters(categories=["Lu", "Ll", "Nd"], include_characters="-_ .&"), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"from": "banana"}, "from='banana' is no date"),
        ({"to": "2026-13-01"}, "to='2026-13-01' is no date"),
        ({"to": "9999-12-31"}, "too far ahead"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "ends (2026-11-01) before it begins (2026-11-02)"),
        ({"type": "fail"}, "no type of request"),
        ({"upto": "-1"}, "no number"),
        ({"system": "a\x00b"}, "printable"),
        ({"person": "a" * 64}, "at most 63"),
        ({"outcome": "a\nb"}, "printable"),
        ({"typ": "failover"}, "There is no filter 'typ'"),
    ],
)
def test_a_word_that_cannot_be_meant_is_refused_by_name(words: dict[str, str], said: str) -> None:
    with pytest.raises(WrongFilter) as trouble:
        filter_from(words)
    assert said in str(trouble.value)


def test_every_word_counts() -> None:
    words = {
        "from": "2026-11-01",
        "to": "2026-11-30",
        "system": "orders-db",
        "request": "r-7",
        "type": "Failover",
        "target": "ams",
        "person": "Olga",
        "outcome": "Succeeded",
        "upto": "12",
    }
    assert set(words) == set(FIELDS)
    found = filter_from(words)
    assert found == AuditFilter(
        start=datetime(2026, 11, 1, tzinfo=UTC),
        end=datetime(2026, 12, 1, tzinfo=UTC),
        system="orders-db",
        request="r-7",
        request_type="failover",
        target="ams",
        person="Olga",
        outcome="Succeeded",
        upto=12,
    )


@given(st.dictionaries(st.sampled_from(["system", "request", "target", "person", "outcome"]), NAMES))
def test_a_link_asks_for_the_same_filter_again(words: dict[str, str]) -> None:
    wanted = filter_from(words)
    assert filter_from(words_of(wanted)) == wanted


def test_the_name_of_an_export_tells_its_filter_its_moment_and_its_form() -> None:
    wanted = filter_from({"system": "orders-db", "type": "failover", "target": "ams", "from": "2026-11-01"})
    name = file_stem(wanted, NOW, "csv")
    assert name == "audit-orders-db-failover-to-ams-from-2026-11-01-20261129T040506Z-csv"
    assert file_stem(wanted, NOW, "json") != name


@given(NAMES, NAMES)
def test_no_name_leaves_the_folder_or_breaks_the_header(system: str, person: str) -> None:
    name = file_stem(AuditFilter(system=system, person=f'{person}"\r\n/../{person}'), NOW, "csv")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
    assert ".." not in name
    assert len(name) < 160
