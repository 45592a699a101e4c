"""The tables, for the terminal and for docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from statistics import median

from benchmarks.switchover.result import Act, Report, Result, to_raw

BEGIN, END = "<!-- switchover: begin -->", "<!-- switchover: end -->"
HEADS = {Act.SWITCHOVER: "Planned switchover", Act.FAILOVER: "Failover after kill -9 of the primary's whole node"}
COLUMNS = (
    "what",
    "PostgreSQL",
    "rounds",
    "outage ms, median (range)",
    "acknowledged rows lost",
    "times the bare sequence",
    "command s / pair whole again s, median",
    "load after",
)
WORDS = (
    "Outage: the longest gap between two acknowledged writes of one separate client, the same for everybody, which "
    "writes every 10 ms over a libpq connection string that names both nodes (`target_session_attrs=read-write`).",
    "Idle pair on loopback, human time excluded: in a real change people, networks, poolers and names take longer than "
    "everything here. The bare sequence is the baseline and promises nothing: no check, no guard, no record. "
    "The peers also guarantee one leader and detect a failure by themselves, all the time; what they wait for is part "
    "of that guarantee. Compare at equal probing and hold times only.",
    "Replication is asynchronous for everybody. A planned switchover waits for the last record and must lose nothing; "
    "no row lost in a failover of an idle pair is no promise for a busy one. kill -9 takes one process after the other "
    "and no network away: a row may still be acknowledged after its sender died, and clients are refused at once.",
    "Each peer runs below an init of its own that collects orphans at once: below one that is slow at it Patroni waits "
    "for the dead server, and its figure would be too high.",
)


def tables(results: Iterable[Result]) -> str:
    """Markdown: one table for each act that occurs, with who was not measured and why."""
    every = list(results)
    parts = []
    for act, head in HEADS.items():
        rows = [_row(result, every) for result in every if result.act is act]
        if rows:
            line = "| " + " | ".join(COLUMNS) + " |"
            parts.append("\n".join([f"**{head}**", "", line, "|" + "---|" * len(COLUMNS), *rows]))
    return "\n\n".join(parts)


def page(report: Report) -> str:
    """Everything between the markers."""
    began, after = report.load
    facts = (
        f"`{report.command}`, begun {report.began}; {report.machine}; one-minute load average {began:.1f} before, "
        f"{after:.1f} after."
    )
    versions = {f"{result.title}: {_about(result)}" for result in report.results if _about(result)}
    listed = "\n".join(f"- {line}" for line in sorted(versions))
    return "\n\n".join([facts, tables(report.results), listed, *WORDS]) + "\n"


def write(report: Report, file: Path) -> None:
    """Put the page between the markers of `file`. Raises ValueError where it has none."""
    text = file.read_text(encoding="utf-8")
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{file.name} has no lines {BEGIN} and {END}: put them where the tables belong.")
    file.write_text(f"{head}{BEGIN}\n{page(report)}{END}{tail}", encoding="utf-8")


def _row(result: Result, every: list[Result]) -> str:
    if not result.rounds:
        return f"| {result.title} | not measured: {result.trouble} |" + " |" * (len(COLUMNS) - 2)
    many = f"{len(result.rounds)}, then stopped: {result.trouble}" if result.trouble else str(len(result.rounds))
    ratio = to_raw(result, every)
    outages = result.outages_ms
    cells = (
        result.title,
        result.postgresql,
        many,
        f"{result.median_ms:.0f} ({min(outages):.0f}-{max(outages):.0f})",
        str(sum(one.lost for one in result.rounds)),
        "-" if ratio is None else f"{ratio:.1f}",
        f"{median(one.command_s for one in result.rounds):.1f} / {median(one.whole_s for one in result.rounds):.1f}",
        "-" if result.load is None else f"{result.load:.1f}",
    )
    return "| " + " | ".join(cells) + " |"


def _about(result: Result) -> str:
    return "; ".join(part for part in (result.versions, result.settings) if part)
