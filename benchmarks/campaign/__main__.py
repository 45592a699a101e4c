"""The kill campaign (`make faults`): switchovers of a real pair under a client that writes every 10 ms, while the
runner and the shared database are killed (-9) and frozen at random moments.

The target judges: its hosts' own journals, the pair's timelines, the rows that the client was acknowledged. Whatever is
killed, each effect is done once, each request ends in a state of the table, no row is lost and the audit log verifies.
Ends by itself with all its processes; run again, it goes on where it was cut short (--fresh: from the beginning).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from statistics import median
from types import FrameType

from bc_lib.runtime.folders import PROJECT
from benchmarks.campaign import place as places
from benchmarks.campaign import record as records
from benchmarks.campaign.ground import Ground
from benchmarks.campaign.moments import moments
from benchmarks.campaign.processes import Broken
from benchmarks.campaign.record import Record
from benchmarks.campaign.report import BEGIN, END, STACK_MARKS, table, write
from benchmarks.campaign.rounds import Round

UNDISTURBED, VERIFY_EVERY, TTL_S = 3, 25, 3.0
STACK_FILE = "stack.json"


class Campaign:
    """Rounds until there are as many as asked for."""

    def __init__(self, ground: Ground, record: Record) -> None:
        self.ground, self.record = ground, record

    def go(self, rounds: int) -> None:
        """Raises Broken; KeyboardInterrupt where somebody ends it, with everything kept."""
        with self.ground.running():
            self._finish_earlier()  # nobody may be able to write before that
            with self.ground.writing():
                self._rounds(rounds)
        self.record.save(self.ground.place.root)

    def _rounds(self, rounds: int) -> None:
        root = self.ground.place.root
        while len(self.record.undisturbed_s) < UNDISTURBED:
            self._undisturbed()
            self.record.save(root)
        while self.record.rounds < rounds:
            began = time.monotonic()
            self._one(self.record.rounds + 1)
            self.record.seconds += round(time.monotonic() - began, 1)
            self.record.save(root)
        self._verify()
        record, lost = self.record, self.ground.lost_ever()
        if lost > record.lost:
            record.wrong.append(f"{lost - record.lost} more acknowledged rows are missing at the end.")
            record.lost = lost

    def _finish_earlier(self) -> None:
        time.sleep(self.ground.ttl_s + 1.0)  # until nobody's lease is alive
        for request in self.ground.world.gate.store.read.waiting_runs():
            self.record.wrong += Round(self.ground, self.record, 0, 0.0, self._say).finish_earlier(request)

    def _undisturbed(self) -> None:
        one = Round(self.ground, self.record, 0, 0.0, self._say)
        self.record.wrong += one.play(())
        self.record.undisturbed_s.append(round(one.took_s, 3))
        self._say(f"undisturbed: {one.took_s:.2f} s")

    def _one(self, number: int) -> None:
        record, strikes = self.record, moments(self.record.seed, number)
        one = Round(self.ground, record, number, median(record.undisturbed_s), self._say)
        wrong = one.play(strikes)
        record.wrong += wrong
        record.rounds = number
        if number % VERIFY_EVERY == 0:
            self._verify()
        self._say(
            f"round {number}: {one.request.id}; {record.strikes} strikes hit, {record.held} held, "
            f"{dict(record.states)}, {record.acknowledged} rows acknowledged, {record.lost} lost, "
            f"{len(record.wrong)} wrong"
        )
        for line in wrong:
            self._say(f"  WRONG: {line}")

    def _verify(self) -> None:
        count, wrong = self.ground.verify_audit()
        self.record.audits += 1
        self.record.audit_records = count
        self.record.wrong += [f"Audit: {each}" for each in wrong]
        self._say(f"audit: {count} records, {len(wrong) or 'nothing'} wrong")

    def _say(self, line: str) -> None:
        print(line, flush=True)


def stacked(root: Path, wanted: int, seed: int, to_page: bool, json_file: Path | None) -> int:
    """Kills of the whole stack until `wanted` have hit; as main."""
    data = root / "stack"
    os.environ["BC_DATA_DIR"], os.environ["BC_ENV"] = str(data), "demo"  # of everything that is loaded from here on
    from benchmarks.campaign.stack_campaign import go

    record = records.load(root, STACK_FILE) or Record(seed=seed)
    root.mkdir(parents=True, exist_ok=True)
    try:
        go(data, record, wanted, lambda: record.save(root, STACK_FILE))
    except KeyboardInterrupt:
        print(f"Cut short after {record.rounds} rounds; the same command goes on.", file=sys.stderr)
        return 130
    except Broken as broken:
        print(f"The campaign cannot go on: {broken} Logs: {data}", file=sys.stderr)
        return 2
    finish(record, f"--stack {wanted}", STACK_MARKS if to_page else None, json_file)
    return int(bool(record.wrong))


def finish(record: Record, words: str, marks: tuple[str, str] | None, json_file: Path | None) -> None:
    """Print the table, and put it where it is wanted."""
    print(f"\n{table(record)}")
    if marks is not None:
        command = f"python -m benchmarks.campaign {words} --seed {record.seed}"
        write(record, command, PROJECT / "docs" / "benchmarks.md", marks)
    if json_file is not None:
        json_file.write_text(json.dumps(vars(record), indent=1) + "\n", encoding="utf-8")


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM and Ctrl-C end the campaign with everything below it."""
    raise KeyboardInterrupt


def main(words: list[str]) -> int:
    """0 where nothing is wrong, 1 where something is, 2 where the campaign itself broke, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.campaign", description=__doc__)
    parser.add_argument("--rounds", type=int, default=300, help="switchovers to disturb (default 300)")
    parser.add_argument("--seed", type=int, default=1, help="what happens when (default 1)")
    parser.add_argument(
        "--stack", type=int, metavar="KILLS", help="instead: kills of Airflow's parts while DAGs move the demo's pair"
    )
    parser.add_argument("--lease", type=float, default=TTL_S, help="seconds of a run's lease (default 3)")
    parser.add_argument("--fresh", action="store_true", help="forget an earlier campaign")
    parser.add_argument("--folder", type=Path, help="where it lives (default: campaign below the data folder)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    given = parser.parse_args(words)
    if given.rounds < 1 or not 2 <= given.lease <= 60:
        parser.error("--rounds must be at least 1, --lease 2 to 60.")
    for sig in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sig, interrupt)
    root = given.folder.absolute() if given.folder else places.campaign_folder()
    if given.fresh:
        shutil.rmtree(root, ignore_errors=True)
    if given.stack:
        return stacked(root, given.stack, given.seed, given.write, given.json)
    place = places.load(root) or places.make(root)
    record = records.load(root) or Record(seed=given.seed)
    if record.seed != given.seed:
        parser.error(f"a campaign with seed {record.seed} is under way there; give --seed {record.seed} or --fresh.")
    try:
        Campaign(Ground(place, given.lease), record).go(given.rounds)
    except KeyboardInterrupt:
        print(f"Cut short after {record.rounds} rounds; the same command goes on.", file=sys.stderr)
        return 130
    except Broken as broken:
        print(f"The campaign cannot go on: {broken} Logs: {root}", file=sys.stderr)
        return 2
    finish(record, f"--rounds {record.rounds}", (BEGIN, END) if given.write else None, given.json)
    return int(bool(record.wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
