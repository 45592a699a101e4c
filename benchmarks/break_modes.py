"""How soon each fault of the running demo is seen, and how soon the mail is there.

Run beside `bcctl up --demo`: `python -m benchmarks.break_modes [--write]`. Uses `bcctl` only, as a person
would. With --write the table goes into docs/demo.md. Takes about a quarter of an hour and stops by itself.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "docs" / "demo.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
CASES = (
    ("orders-db", "replica-paused", "REPLAY_PAUSED"),
    ("orders-db", "dr-down", "DR_DOWN"),
    ("billing-db", "primary-down", "PRIMARY_DOWN"),
    ("orders-db", "primary-unreachable", "PRIMARY_BLIND"),
    ("billing-db", "heartbeat-stopped", "HEARTBEAT_STOPPED"),
    ("orders-db", "slow", "SLOW"),
    ("shop-web", "primary-down", "APP_DOWN"),
    ("shop-web", "primary-unreachable", "APP_BLIND"),
)
PATIENCE_S = 150.0


@dataclass(frozen=True)
class Measured:
    """Seconds from the fault, or from the end of healing."""

    name: str
    mode: str
    code: str
    status: str
    seen_s: float
    mail_s: float
    back_s: float
    recovery_s: float


def bcctl(*args: str) -> str:
    done = subprocess.run([sys.executable, "-m", "bc_lib.cli", *args], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 4):
        raise RuntimeError(f"bcctl {' '.join(args)}: {done.stderr.strip()}")
    return done.stdout


def resource(name: str) -> dict[str, Any]:
    return next(item for item in json.loads(bcctl("status", "--json"))["resources"] if item["name"] == name)


def newest_mail() -> int:
    mails = json.loads(bcctl("demo", "inbox", "--json"))["mails"]
    return max((mail["number"] for mail in mails), default=0)


def mail_after(number: int, name: str, words: tuple[str, ...]) -> Callable[[], bool]:
    def there() -> bool:
        mails = json.loads(bcctl("demo", "inbox", "--json"))["mails"]
        return any(
            mail["number"] > number and name in mail["subject"] and any(word in mail["subject"] for word in words)
            for mail in mails
        )

    return there


def wait(what: str, condition: Callable[[], bool], since: float) -> float:
    while time.monotonic() - since < PATIENCE_S:
        if condition():
            return time.monotonic() - since
        time.sleep(0.5)
    raise TimeoutError(f"{what}: not within {PATIENCE_S:.0f} s")


def codes(name: str) -> set[str]:
    return {reason["code"] for reason in resource(name)["reasons"]}


def measure(name: str, mode: str, code: str) -> Measured:
    before = newest_mail()
    start = time.monotonic()
    bcctl("demo", "break", name, mode)
    seen = wait(f"{mode}: {code}", lambda: code in codes(name), start)
    status = resource(name)["status"]
    mail = wait(f"{mode}: mail", mail_after(before, name, ("PROBLEM", "NOT VISIBLE")), start)
    before = newest_mail()
    bcctl("demo", "heal", name)
    healed = time.monotonic()
    back = wait(f"{mode}: green again", lambda: resource(name)["status"] == "green", healed)
    recovery = wait(f"{mode}: recovery mail", mail_after(before, name, ("RECOVERED", "VISIBLE AGAIN")), healed)
    return Measured(name, mode, code, status, seen, mail, back, recovery)


def table(rows: list[Measured]) -> str:
    lines = [
        "| resource | mode | status and code | seen after | mail after | green again after heal | recovery mail |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{row.name}` | `{row.mode}` | {row.status}, `{row.code}` | {row.seen_s:.0f} s | {row.mail_s:.0f} s "
        f"| {row.back_s:.0f} s | {row.recovery_s:.0f} s |"
        for row in rows
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", help="one mode")
    arguments = parser.parse_args()
    rows = []
    for name, mode, code in CASES:
        if arguments.only in (None, mode):
            rows.append(measure(name, mode, code))
            print(table(rows[-1:]).splitlines()[-1], flush=True)
            time.sleep(20)
    if arguments.write:
        text = PAGE.read_text(encoding="utf-8")
        head, _, rest = text.partition(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n{table(rows)}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
