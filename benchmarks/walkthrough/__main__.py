"""Walk through every kind of move of a running demo, in a browser, as Olga, Ian and Bea.

    python -m benchmarks.walkthrough --folder . [--url http://localhost:8501] [--only switchover,…] [--pictures DIR]

Run beside `bcctl up --demo`; it moves and breaks that demo's databases. Ends with exit 1 when a move did not succeed.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.walkthrough import pictures
from benchmarks.walkthrough.folder import Figures, Folder
from benchmarks.walkthrough.moves import MOVES, WATCHED, Move
from benchmarks.walkthrough.people import People, Wish, people

PATIENCE_S = 240.0
HEADS = ("what", "request", "result", "confirmed to first step s", "outage s", "confirmed to end s", "in all s")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    move: Move
    request: str
    word: str
    figures: Figures | None
    total_s: float


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def walk(folk: People, folder: Folder, move: Move, shots: Path | None) -> Line:
    """One move from the request to its end. Raises RuntimeError, or Playwright's errors."""
    scope, name = move.scope
    watched = WATCHED[name]
    site = next(each for each in folder.resource(watched[0])["sites"] if each != _active(folder, watched[0]))
    if move.breaks:
        folder.bcctl("demo", "break", name, move.breaks)
        folder.until_status(name, "red")
    else:
        for each in watched:
            folder.until_status(each, "green")
    began = time.monotonic()
    request = folk.ask(Wish(scope=scope, name=name, kind=move.kind, site=site, drill=move.drill))
    _say(f"{move.key}: {request} to {site} is raised")
    folk.approve(request)
    folk.confirm(request)
    _say(f"{move.key}: confirmed")
    word = _watched(folk, request, move, shots)
    return Line(move, request, word, folder.figures(request), time.monotonic() - began)


def _active(folder: Folder, name: str) -> str:
    return str(folder.resource(name)["active_site"])


def _watched(folk: People, request: str, move: Move, shots: Path | None) -> str:
    word = ""
    for word, prompt in folk.watch(request, PATIENCE_S):
        _say(f"{move.key}: {word}{f', {prompt}' if prompt else ''}")
        if shots and (word == move.pictured or prompt.startswith(move.pictured)):
            pictures.take(folk, request, move.key, shots, _say)
    return word


def table(lines: list[Line]) -> str:
    """Markdown."""
    rows = [HEADS, tuple("---" for _ in HEADS)]
    for each in lines:
        known = each.figures
        found = (known.to_first_s, known.outage_s, known.confirmed_to_end_s) if known else (None, None, None)
        what = ", ".join(part for part in (each.move.kind, each.move.drill, each.move.scope[1]) if part)
        seconds = ("-" if s is None else f"{s:.1f}" for s in (*found, each.total_s))
        said = [what, each.request, each.word, *seconds]
        rows.append(tuple(said))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> int:
    """0 when every move that was asked for succeeded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://localhost:8501")
    parser.add_argument("--folder", type=Path, default=Path(), help="where the demo runs")
    parser.add_argument("--only", default="", help=f"of {', '.join(each.key for each in MOVES)}")
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    wanted = given.only.split(",") if given.only else [each.key for each in MOVES]
    lines: list[Line] = []
    try:
        with people(given.url.rstrip("/")) as folk:
            for move in (each for each in MOVES if each.key in wanted):
                lines.append(walk(folk, Folder(given.folder.resolve()), move, given.pictures))
                print(table(lines[-1:]), flush=True)
    finally:
        print(table(lines))
    return 0 if lines and all(each.word == "Succeeded" for each in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
