"""The client of every measurement, a process of its own: an insert every 10 ms, noted with its time if acknowledged.

`python -m benchmarks.switchover.writer CONNINFO FILE FIRST`; ends at SIGTERM. FILE gets "ok NUMBER SECONDS" for each
acknowledged row and "error SECONDS TEXT" for each lost connection; the seconds are those of the monotonic clock.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from types import FrameType

import psycopg

PERIOD_S = 0.010
AGAIN_S = 0.005  # between two attempts to connect

TABLE = "CREATE TABLE written (number bigint PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())"


def main(conninfo: str, file: str, first: int) -> None:
    """Write until SIGTERM; a number whose acknowledgement was lost is not used again."""
    going = [True]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        going.clear()

    signal.signal(signal.SIGTERM, stop)
    number = first
    with open(file, "w", encoding="utf-8") as notes:
        while going:
            try:
                with contextlib.closing(psycopg.connect(conninfo, autocommit=True)) as connection:
                    due = time.monotonic()
                    while going:
                        number += 1
                        connection.execute("INSERT INTO written (number) VALUES (%s)", (number,))
                        notes.write(f"ok {number} {time.monotonic():.6f}\n")
                        due = max(due + PERIOD_S, time.monotonic())
                        time.sleep(max(0.0, due - time.monotonic()))
            except psycopg.Error as error:
                text = (str(error).splitlines() or [""])[0]
                notes.write(f"error {time.monotonic():.6f} {text[:200]}\n")
                time.sleep(AGAIN_S)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
