"""One layout for every message: a sentence, what can be done with its address, then facts, one a line.

Readable as text and as HTML; a mail's plain part is made from its HTML by the sender, so that rows are lines there too.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime

from bc_lib.domain.words import clock, one_line

Pairs = Sequence[tuple[str, str]]


def plain(sentence: str, acts: Pairs, rows: Pairs, link: str) -> str:
    """As text. `acts`: what, and the address of its button; `link`: where to read more."""
    asked = "\n".join(f"{one_line(words)}:\n  {address}" for words, address in acts)
    facts = "\n".join(f"{name}: {one_line(value)}" for name, value in rows)
    return "\n\n".join(part for part in (one_line(sentence), asked, facts, link) if part) + "\n"


def rich(sentence: str, acts: Pairs, rows: Pairs, link: str) -> str:
    """As HTML; nothing from outside is markup."""
    asked = "".join(f"<p><b>{html.escape(one_line(words))}</b>:<br>{_anchor(address)}</p>" for words, address in acts)
    facts = "<br>".join(f"<b>{html.escape(name)}:</b> {html.escape(one_line(value))}" for name, value in rows)
    return f"<p>{html.escape(one_line(sentence))}</p>{asked}<p>{facts}</p><p>{_anchor(link)}</p>"


def as_read(value: str) -> str:
    """A moment written as ISO 8601 as people read it; everything else as it is."""
    try:
        return clock(datetime.fromisoformat(value)) if "T" in value else value
    except ValueError:
        return value


def _anchor(address: str) -> str:
    safe = html.escape(address, quote=True)
    return f'<a href="{safe}">{safe}</a>'
