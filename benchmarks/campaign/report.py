"""The campaign's figures as a table, for the terminal and for docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.campaign.record import Record

BEGIN, END = "<!-- campaign: begin -->", "<!-- campaign: end -->"
STACK_MARKS = ("<!-- stack: begin -->", "<!-- stack: end -->")


def table(record: Record) -> str:
    """Markdown. What is wrong stands in it, word for word."""
    rows = [
        ("rounds, each a switchover that was asked for, approved by two and confirmed", f"{record.rounds}"),
        ("kills and freezes that hit a run under way", f"{record.strikes}"),
        *((f"- {kind}", f"{count}") for kind, count in record.hits.most_common()),
        *((f"hit {place}", f"{count}") for place, count in record.where.most_common()),
        ("came when the run was over (not counted above)", f"{sum(record.misses.values())}"),
        ("requests by how they ended, with the undisturbed ones", _words(record.states)),
        ("visits after which people had to decide", f"{record.held}"),
        ("approvals void because the plan had changed, given again", f"{record.voided}"),
        ("effects counted by the hosts themselves", _words(record.effects)),
        ("rows acknowledged to the client, lost", f"{record.acknowledged}, {record.lost}"),
        ("audit log verified, records at the end", f"{record.audits} times, {record.audit_records}"),
        ("an undisturbed run, median", f"{median(record.undisturbed_s or [0.0]):.1f} s"),
        *(
            (f"from the kill of {kind} to the end of the request, median and longest", f"{_times(found)}")
            for kind, found in record.recoveries_s.items()
        ),
        ("double effects, undefined states, lost rows, broken audit: all that is wrong", f"{len(record.wrong)}"),
    ]
    lines = ["| what | figure |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
    return "\n".join([*lines, "", *(f"- WRONG: {each}" for each in record.wrong)]).rstrip() + "\n"


def write(record: Record, command: str, file: Path, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Put it between the markers of `file`. Raises ValueError where it has none."""
    put(f"`{command}`, {record.seconds / 60:.0f} minutes of rounds.\n\n{table(record)}", file, marks)


def put(found: str, file: Path, marks: tuple[str, str]) -> None:
    """Replace what stands between two markers. Raises ValueError where there are none."""
    text = file.read_text(encoding="utf-8")
    head, begin, rest = text.partition(marks[0])
    _, end, tail = rest.partition(marks[1])
    if not (begin and end):
        raise ValueError(f"{file.name} has no lines {marks[0]} and {marks[1]}: put them where the table belongs.")
    file.write_text(f"{head}{begin}\n{found}{end}{tail}", encoding="utf-8")


def _times(found: Sequence[float]) -> str:
    return f"{median(found):.0f} s, {max(found):.0f} s"


def _words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"
