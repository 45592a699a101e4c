"""How long writes stop when a PostgreSQL pair changes roles: the bare sequence, Patroni, repmgr and this product.

Installs the peers into .peers/ through pip and apt-get where they are not there, measures everybody with the same
client on loopback, prints a table and ends by itself with all its processes. One that cannot be measured here is
listed with the reason. Exit code 1 where a planned switchover lost an acknowledged row or a round failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import psycopg

from bc_lib.runtime.folders import PROJECT
from bc_lib.runtime.pgserver import ServerFailed
from benchmarks.switchover.ground import Ground
from benchmarks.switchover.measure import Bench
from benchmarks.switchover.methods import KEYS, Method, chosen
from benchmarks.switchover.result import Act, Failed, Missing, Report, Result, Round
from benchmarks.switchover.table import tables, write

PAGE = PROJECT / "docs" / "benchmarks.md"
KILLS = 3
BREAKS = (Failed, ServerFailed, psycopg.Error, OSError, ValueError, KeyError)


def measure(ground: Ground, method: Method, counts: Mapping[Act, int]) -> list[Result]:
    """Every act of one method; what went wrong stands in the results."""
    empty = [Result(key=method.key, act=act, title=method.title, settings=method.settings) for act in method.acts]
    try:
        contender = method.make(ground)
        bench = Bench(ground, contender)
        version = bench.prepare()
    except Missing as missing:
        return [replace(result, trouble=str(missing)) for result in empty]
    except BREAKS as error:
        why = sentence(error, ground, "the pair could not be made")
        return [replace(result, trouble=why, broke=True) for result in empty]
    found: list[Result] = []
    for result in empty:
        act: Callable[[int], None] = contender.switch_over
        if result.act is Act.FAILOVER:
            act = contender.kill  # type: ignore[attr-defined]  # only methods with this act have it
        if not counts[result.act] or (found and found[-1].broke):
            why = "the pair failed before" if counts[result.act] else "no round was asked for"
            found.append(replace(result, trouble=why))
            continue
        done = series(bench, replace(result, postgresql=version), act, counts)
        found.append(replace(done, versions=contender.versions))  # asked afterwards: ours says what it measured besides
    return found


def series(bench: Bench, result: Result, act: Callable[[int], None], counts: Mapping[Act, int]) -> Result:
    """As many rounds as asked for, or those before the first that failed."""
    rounds: list[Round] = []
    for number in range(counts[result.act]):
        try:
            one = bench.round(list(Act).index(result.act) * 1000 + number, act)
        except BREAKS as error:
            why = sentence(error, bench.ground, "a round failed")
            return replace(result, rounds=tuple(rounds), trouble=why, broke=True)
        rounds.append(one)
        print(f"{result.key} {result.act} {number + 1}: {one.outage_ms:.0f} ms, lost {one.lost}", flush=True)
    return replace(result, rounds=tuple(rounds), load=round(os.getloadavg()[0], 2))


def sentence(error: Exception, ground: Ground, otherwise: str) -> str:
    """What goes into the table. Everything else, which may hold paths of this machine, goes to the terminal."""
    print(f"{error}\n{getattr(error, 'detail', '')}\n{ground.tails()}", file=sys.stderr, flush=True)
    return str(error) if isinstance(error, Failed) else f"{otherwise} ({type(error).__name__})"


def run(only: frozenset[str], counts: Mapping[Act, int]) -> Report:
    """Measure; a Ctrl-C ends every process and the rest is listed as not measured."""
    began, load = datetime.now(UTC), os.getloadavg()[0]
    every = {method.key: method for method in chosen(frozenset(KEYS))}
    asked = {method.key for method in chosen(only)}
    results: list[Result] = []
    ground = Ground.open()
    stopped = False
    try:
        for key, method in every.items():
            if stopped or key not in asked:
                why = "the run was stopped" if stopped and key in asked else "left out by --only"
                results += [Result(key=key, act=act, title=method.title, trouble=why) for act in method.acts]
                continue
            try:
                results += measure(ground, method, counts)
            except KeyboardInterrupt:
                stopped = True
                results += [
                    Result(key=key, act=act, title=method.title, trouble="the run was stopped") for act in method.acts
                ]
            finally:
                patient(ground.clear)
    finally:
        patient(ground.close)
    words = [f"--rounds {counts[Act.SWITCHOVER]}", f"--kills {counts[Act.FAILOVER]}"]
    if only != frozenset(KEYS):
        words.append(f"--only {','.join(key for key in KEYS if key in only)}")
    return Report(
        command=f"python -m benchmarks.switchover {' '.join(words)}",  # never a path of this machine
        began=began.strftime("%Y-%m-%d %H:%M UTC"),
        machine=f"{os.cpu_count()} CPUs, {platform.system()} {platform.machine()}, Python {platform.python_version()}",
        load=(round(load, 2), round(os.getloadavg()[0], 2)),
        results=tuple(results),
        stopped=stopped,
    )


def patient(act: Callable[[], None]) -> None:
    """Do it whole: a second Ctrl-C must not leave servers behind."""
    before = {sig: signal.signal(sig, signal.SIG_IGN) for sig in (signal.SIGINT, signal.SIGTERM)}
    try:
        act()
    finally:
        for sig, handler in before.items():
            signal.signal(sig, handler)


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM and Ctrl-C end the run with everything below it."""
    raise KeyboardInterrupt


def main(words: list[str]) -> int:
    """Measure and print; 0 where each planned switchover kept every row and no round failed, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.switchover", description=__doc__)
    parser.add_argument("--rounds", type=int, default=8, help="planned switchovers of each (default 8)")
    parser.add_argument("--kills", type=int, default=KILLS, help=f"failovers of each that has one (default {KILLS})")
    parser.add_argument("--only", default=",".join(KEYS), help=f"some of {','.join(KEYS)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep every round there")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    given = parser.parse_args(words)
    only = frozenset(given.only.split(","))
    if unknown := only - set(KEYS):
        parser.error(f"--only knows {', '.join(KEYS)}; it does not know {', '.join(sorted(unknown))}.")
    if given.rounds < 1 or given.kills < 0:
        parser.error("--rounds must be at least 1 and --kills at least 0.")
    for sig in (signal.SIGTERM, signal.SIGINT):  # SIGINT too: a shell's background job begins with it ignored
        signal.signal(sig, interrupt)
    report = run(only, {Act.SWITCHOVER: given.rounds, Act.FAILOVER: given.kills})
    print(f"\n{tables(report.results)}")
    if given.json:
        given.json.write_text(json.dumps(report.as_json(), indent=1) + "\n", encoding="utf-8")
    if report.stopped:
        print("The run was stopped: docs/benchmarks.md stays as it was.", file=sys.stderr)
        return 130
    if given.write:
        write(report, PAGE)
    bad = [one for one in report.results if one.act is Act.SWITCHOVER and any(each.lost for each in one.rounds)]
    return int(bool(bad) or any(one.broke for one in report.results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
