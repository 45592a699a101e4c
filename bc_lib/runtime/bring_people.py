"""Brings people, roles and vote keys from the sign-on, again and again: `python -m bc_lib.runtime.bring_people`.

A process of its own, because its database role can make anybody anything: it parses no answers and sends no mail.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

PERIOD_S, BEAT_S = 300.0, 60.0


def keep_bringing(
    bring: Callable[[], int],
    live: Callable[[dict[str, object]], None],
    wait: Callable[[float], bool],
    trouble: type[Exception],
) -> None:
    """Bring every PERIOD_S and say so every BEAT_S until `wait` says stop. Trouble is said once and tried again."""
    since_s, said = PERIOD_S, ""
    while True:
        now = ""
        try:
            if since_s >= PERIOD_S:
                known, since_s = bring(), 0.0
                print(f"{known} people known.", flush=True)
            live({})
        except trouble as error:
            now, since_s = f"People cannot be brought ({type(error).__name__}).", PERIOD_S
            if now != said:
                print(now, file=sys.stderr, flush=True)
        said = now
        if wait(BEAT_S if not now else BEAT_S / 6):
            return
        since_s += BEAT_S


def main() -> None:
    """Until SIGTERM or SIGINT."""
    from bc_lib import bootstrap, jobs

    stop, holder = jobs.stop_on_signals(), jobs.holder_name()
    keep_bringing(bootstrap.bring_people, lambda said: bootstrap.sign_on_lives(holder, said), stop.wait, Exception)


if __name__ == "__main__":
    main()
