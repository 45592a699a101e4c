"""Walk through every kind of move of a running demo as Olga, Ian and Bea, while a client writes every 10 ms.

    python -m benchmarks.walkthrough [--by browser|command|command-itself] [--url http://localhost:8501]
        [--only switchover,…] [--pictures DIR]

Run beside `bcctl up --demo`, in its checkout and with its BC_DATA_DIR; it moves and breaks that demo's databases, and
ends where it began. Exit 1 when a move did not succeed, lost what it promised to keep, or stated what is not so.
`command-itself` starts the runs with `bcctl run` instead of leaving that to Airflow.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from bc_lib import config
from benchmarks.walkthrough import pictures
from benchmarks.walkthrough.client import writing
from benchmarks.walkthrough.commands import Commands
from benchmarks.walkthrough.folder import Folder
from benchmarks.walkthrough.moves import HOME, MOVES, WATCHED, Move
from benchmarks.walkthrough.people import People, Wish, people
from benchmarks.walkthrough.table import Line, table

PATIENCE_S = 300.0


class Walker(Protocol):
    """Three persons who raise, approve, confirm and watch."""

    def ask(self, wish: Wish) -> str: ...

    def approve(self, request: str) -> None: ...

    def confirm(self, request: str) -> None: ...

    def watch(self, request: str, patience_s: float) -> Iterator[tuple[str, str]]: ...


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def walk(folk: Walker, folder: Folder, move: Move, shots: Path | None) -> Line:
    """One move from the request to its end, and until all is green again. Raises RuntimeError, Playwright's errors."""
    scope, name = move.scope
    watched = WATCHED[name]
    _all_green(folder)
    if move.kind != "Failback":
        for each in watched:
            folder.until(each, "active_site", HOME)  # the monitor's look after the move before
    seen = folder.resource(watched[0])
    site = next(each for each in seen["sites"] if each != seen["active_site"])
    with ExitStack() as open_:
        clients = [open_.enter_context(writing(config.load().data_dir, each)) for each in watched]
        if move.breaks:
            folder.bcctl("demo", "break", name, move.breaks)
            folder.until(name, "status", "red")
        request = folk.ask(Wish(scope=scope, name=name, kind=move.kind, site=site, drill=move.drill))
        _say(f"{move.key}: {request} to {site} is raised")
        folk.approve(request)
        folk.confirm(request)
        _say(f"{move.key}: confirmed")
        word = _watched(folk, request, move, shots)
        counted = [each.count() for each in clients]
    if move.breaks:
        folder.bcctl("demo", "heal", name)  # forgets the fault; the run has brought the server back
    return Line(move, request, word, folder.figures(request), counted)


def _all_green(folder: Folder) -> None:
    for each in {one for names in WATCHED.values() for one in names}:
        folder.until(each, "status", "green")


def _watched(folk: Walker, request: str, move: Move, shots: Path | None) -> str:
    word = ""
    for word, prompt in folk.watch(request, PATIENCE_S):
        _say(f"{move.key}: {word}{f', {prompt}' if prompt else ''}")
        if shots and isinstance(folk, People) and (word == move.pictured or prompt.startswith(move.pictured)):
            pictures.take(folk, request, move.key, shots, _say)
    return word


@contextmanager
def _folk(by: str, url: str, folder: Folder) -> Iterator[Walker]:
    if by == "browser":
        with people(url.rstrip("/")) as found:
            yield found
    else:
        yield Commands(folder, itself=by == "command-itself")


def main() -> int:
    """0 when every move that was asked for is good."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--by", choices=("browser", "command", "command-itself"), default="browser")
    parser.add_argument("--url", default="http://localhost:8501")
    parser.add_argument("--only", default="", help=f"of {', '.join(each.key for each in MOVES)}")
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    folder = Folder(Path(__file__).resolve().parents[2])
    wanted = given.only.split(",") if given.only else [each.key for each in MOVES]
    lines: list[Line] = []
    try:
        with _folk(given.by, given.url, folder) as folk:
            for move in (each for each in MOVES if each.key in wanted):
                lines.append(walk(folk, folder, move, given.pictures))
                print(table(lines[-1:]), flush=True)
    finally:
        print(table(lines))
    return 0 if len(lines) == len(wanted) and all(each.good for each in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
