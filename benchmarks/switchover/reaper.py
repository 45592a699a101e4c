"""A small init for one peer: starts a command, collects every orphan below it at once, ends when none is left.

`python -m benchmarks.switchover.reaper UID GID COMMAND...` (-1 -1: as who we are). Patroni, pg_ctl and sshd leave
daemons behind; a dead one that nobody waits for would look alive to them and distort what is measured. SIGTERM goes
to the command, and once that has ended, to what it left.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from types import FrameType
from typing import Any

from bc_lib.runtime.descendants import all_below, become_subreaper, die_with_parent, send


class Reaper:
    """Waits for everything below this process."""

    def __init__(self, command: list[str], identity: dict[str, Any]) -> None:
        become_subreaper()
        self.ending = False
        self.main: int | None = None
        signal.signal(signal.SIGTERM, self._end)
        started = subprocess.Popen(command, cwd="/", preexec_fn=die_with_parent(signal.SIGTERM), **identity)
        self.main = started.pid
        started.returncode = 0  # os.wait below collects it: Popen must not
        if self.ending:
            self._send_on()

    def wait(self) -> None:
        """Until no child is left."""
        while True:
            try:
                gone, _ = os.wait()
            except ChildProcessError:
                return
            if gone == self.main:
                self.main = None
                if self.ending:
                    self._send_on()

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        self.ending = True
        self._send_on()

    def _send_on(self) -> None:
        if self.main is not None:
            os.kill(self.main, signal.SIGTERM)
            return
        left = all_below()
        send([one for one in left if one.name() == "postgres"], signal.SIGINT)
        send([one for one in left if one.name() != "postgres"], signal.SIGTERM)


def main(uid: int, gid: int, command: list[str]) -> None:
    """Run `command` as that account until everything of it has ended."""
    Reaper(command, {} if uid < 0 else {"user": uid, "group": gid, "extra_groups": []}).wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
