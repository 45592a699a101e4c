"""`python -m bc_lib.cli.docs`: write docs/reason-codes.md from the table in the code; `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

from bc_lib.domain.reasons import TABLE, ReasonKind

PAGE = Path(__file__).parents[2] / "docs" / "reason-codes.md"
HEAD = """# Reason codes

Generated from `bc_lib/domain/reason_rows/` by `python -m bc_lib.cli.docs`. Do not edit by hand.

**Status**: what the code forces at least; "-" is a finding, which is shown and decides nothing. The worst one
wins, in this order: red, blind, stale, never seen, yellow, green. **Switch over** and **fail over**: the best answer
still possible while the code holds; "-" is no obstacle. `with_loss` means possible, with what the reason names;
`unknown` is never a yes.

| code | status | switch over | fail over | title |
|---|---|---|---|---|
"""


def page() -> str:
    """The whole page as text."""
    rows = "".join(
        f"| [{kind.code}](#{kind.code.lower()}) | {_word(kind.status)} | {_word(kind.blocks_switch_over)} "
        f"| {_word(kind.blocks_fail_over)} | {kind.title} |\n"
        for kind in TABLE.values()
    )
    return HEAD + rows + "\n" + "\n".join(_section(kind) for kind in TABLE.values())


def _word(value: str | None) -> str:
    return "-" if value is None else str(value)


def _section(kind: ReasonKind) -> str:
    return f"## {kind.code}\n\n{kind.title}. {kind.meaning}\n\n- What to do: {kind.hint}\n- Seen in: {kind.source}\n"


def main(arguments: list[str]) -> int:
    """0 when the page is written or current, 1 when `--check` finds it old."""
    if "--check" in arguments:
        current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page()
        if not current:
            sys.stderr.write("docs/reason-codes.md is not current: run `python -m bc_lib.cli.docs`.\n")
        return 0 if current else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
