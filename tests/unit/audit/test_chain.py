"""Verification over rows: every kind of tampering at every place names the record (FR-041, SEC-003)."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bc_lib.domain.audit import AuditRow, Head
from bc_lib.domain.audit_chain import GENESIS, verify_chain

COUNT = 9


def body(number: int, text: str = "x") -> bytes:
    """A body as the database writes it."""
    return (
        f'{{"at": "2026-11-23T05:21:36.{number:06d}Z", "seq": {number}, "kind": "recorded", '
        f'"payload": {{"text": {json.dumps(text)}}}}}'
    ).encode()


def chain(count: int = COUNT) -> list[AuditRow]:
    """A sound chain."""
    rows, last = [], GENESIS
    for number in range(1, count + 1):
        row = AuditRow(number, last, body(number), sha256(last + body(number)).digest())
        rows.append(row)
        last = row.hash
    return rows


ROWS = chain()
HEAD = Head("log", COUNT, ROWS[-1].hash)
SIGNED = [(row.seq, row.hash) for row in ROWS]
PLACES = range(1, COUNT + 1)


def findings(rows: list[AuditRow], signed: bool = True, head: Head | None = HEAD) -> list[tuple[int, int, str]]:
    """What verification says of `rows`."""
    report = verify_chain(rows, head=head, signed=SIGNED if signed else ())
    return [(found.number, found.last, found.wrong.value) for found in report.findings]


def renumbered(rows: list[AuditRow]) -> list[AuditRow]:
    """Rows with gapless numbers, as someone hides what was put in or taken out."""
    return [row._replace(seq=number) for number, row in enumerate(rows, 1)]


def linked(row: AuditRow, prev: bytes, content: bytes) -> AuditRow:
    """A row whose hash fits."""
    return AuditRow(row.seq, prev, content, sha256(prev + content).digest())


def test_a_sound_chain() -> None:
    """Nothing is found, in one piece or from the middle, and an empty log is sound."""
    assert findings(ROWS) == []
    assert verify_chain(ROWS[4:], start=(4, ROWS[3].hash), head=HEAD).findings == []
    assert verify_chain([], head=Head("log", 0, GENESIS)).findings == []


@pytest.mark.parametrize("number", PLACES)
@pytest.mark.parametrize("signed", [True, False])
def test_one_record_is_tampered_with(number: int, signed: bool) -> None:
    """Exactly one finding, with the number, wherever it is; with and without checkpoints."""
    place, row = number - 1, ROWS[number - 1]
    other = body(number, "forged")
    assert findings([*ROWS[:place], row._replace(body=other), *ROWS[number:]], signed) == [(number, number, "changed")]
    assert findings([*ROWS[:place], row._replace(hash=bytes(32)), *ROWS[number:]], signed) == [
        (number, number, "changed")
    ]
    assert findings([*ROWS[:place], row._replace(prev_hash=b"1" * 32), *ROWS[number:]], signed) == [
        (number, number, "changed")
    ]
    assert findings([*ROWS[:place], linked(row, row.prev_hash, other), *ROWS[number:]], signed) == [
        (number, number, "rewritten")
    ]
    removed = [*ROWS[:place], *ROWS[number:]]
    wrong = "tail cut" if number == COUNT else "missing"
    assert findings(removed, signed) == [(number, number, wrong)]
    if number < COUNT:
        assert findings(renumbered(removed), signed) == [(number, number, "missing")]


@pytest.mark.parametrize("number", range(2, COUNT + 1))
@pytest.mark.parametrize("fits", [True, False])
def test_a_forged_record_is_put_in(number: int, fits: bool) -> None:
    """Renumbered or standing twice, with a fitting hash or not."""
    before, orig = ROWS[number - 2], ROWS[number - 1]
    forged = linked(orig, before.hash, body(number, "forged"))
    forged = forged if fits else forged._replace(hash=b"2" * 32)
    moved = renumbered([*ROWS[: number - 1], forged, *ROWS[number - 1 :]])
    assert findings(moved)[0] == (number, number, "forged")
    assert len(findings(moved)) <= 2  # the last one may also stand behind the end
    for twice in ([*ROWS[: number - 1], forged, *ROWS[number - 1 :]], [*ROWS[:number], forged, *ROWS[number:]]):
        assert {found[0] for found in findings(twice)} == {number}


@pytest.mark.parametrize("one", range(1, COUNT))
def test_two_records_change_places(one: int) -> None:
    """By their numbers; neighbours or far apart."""
    assert one < COUNT
    for two in range(one + 1, COUNT + 1):
        rows = list(ROWS)
        rows[one - 1], rows[two - 1] = ROWS[two - 1]._replace(seq=one), ROWS[one - 1]._replace(seq=two)
        found = findings(rows)
        assert found, (one, two)
        assert all(first >= one and last <= two for first, last, _ in found), (one, two, found)
        assert found[0][0] in (one, two)


@pytest.mark.parametrize("number", PLACES)
def test_the_chain_is_rewritten_from_a_record_on(number: int) -> None:
    """Only the checkpoints know; they name where it begins."""
    rows, last = ROWS[: number - 1], ROWS[number - 2].hash if number > 1 else GENESIS
    for row in ROWS[number - 1 :]:
        rows = [*rows, linked(row, last, body(row.seq, "forged" if row.seq == number else "x"))]
        last = rows[-1].hash
    head = Head("log", COUNT, last)
    assert findings(rows, signed=False, head=head) == []
    assert findings(rows, head=head) == [(number, COUNT, "rewritten")]


@pytest.mark.parametrize("kept", range(COUNT))
def test_the_tail_is_cut(kept: int) -> None:
    """The database's own end tells; where it was set back, the checkpoints."""
    assert findings(ROWS[:kept]) == [(kept + 1, COUNT, "tail cut")]
    back = Head("log", kept, ROWS[kept - 1].hash if kept else GENESIS)
    assert findings(ROWS[:kept], head=back) == [(kept + 1, COUNT, "tail cut")]


def test_nonsense_is_a_finding_not_an_error() -> None:
    """Whatever stands in the body."""
    for content in (b"", b"[]", b"null", b"\xff", b'{"seq": "1"}', b"[" * 100_000):
        assert findings([*ROWS[:3], ROWS[3]._replace(body=content), *ROWS[4:]]) == [(4, 4, "changed")]
        whole = linked(ROWS[3], ROWS[3].prev_hash, content)
        assert findings([*ROWS[:3], whole, *ROWS[4:]])[0][0] == 4


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_change_of_any_row_is_found(data: st.DataObject) -> None:
    """Rows dropped, doubled, moved, edited, in any mixture: never sound."""
    rows = list(ROWS)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(rows) - 1)) if rows else 0
        act = data.draw(st.sampled_from(["drop", "double", "move", "edit", "relink", "renumber"]))
        if not rows:
            break
        row = rows[place]
        if act == "drop":
            del rows[place]
        elif act == "double":
            rows.insert(place, row)
        elif act == "move":
            rows.insert(data.draw(st.integers(0, len(rows) - 1)), rows.pop(place))
        elif act == "edit":
            rows[place] = row._replace(body=row.body + b" ")
        elif act == "relink":
            rows[place] = linked(row, row.prev_hash, row.body + b" ")
        else:
            rows[place] = row._replace(seq=data.draw(st.integers(1, COUNT + 2)))
    assert (findings(rows) == []) == (rows == ROWS)
