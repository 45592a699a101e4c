"""A document for people, as values: what evidence packs, compliance exports and paper runbooks are made of.

All text is plain text of any origin; whoever renders it escapes it. Nothing here knows HTML or PDF.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a text or a bar means to the reader; always beside a word, never by colour alone."""

    PLAIN = "plain"
    NOTE = "note"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph; line breaks in it are kept."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Code:
    """A command or a hash, to be typed or compared: fixed width, breaks anywhere."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values, one a line."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its head is repeated on every page. `empty`: the sentence that stands there when it has no rows.

    `widths`: share of each column in percent; empty: as the content wants. Raises ValueError for rows of another width.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "Nothing."
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("Every row of a table has one cell a column.")
        if self.widths and len(self.widths) != len(self.columns):
            raise ValueError("Widths are given for every column or for none.")


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of time on a lane, in seconds from the picture's beginning; `label` is written beside it.

    `open_end`: it was not over when the document was made.
    """

    start: float
    end: float
    label: str
    tone: Tone = Tone.PLAIN
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of a picture. Without a bar: `absent` says why there is none ("not executed")."""

    name: str
    bars: tuple[Bar, ...] = ()
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of lanes over one axis of time in seconds. `alt` says the same in words, for those who don't see it."""

    title: str
    lanes: tuple[Lane, ...]
    alt: str


Block = Text | Code | Facts | Table | Bars


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. `new_page`: begins one, in print."""

    heading: str
    blocks: tuple[Block, ...]
    new_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole document. `footer` stands on every printed page beside its number; `made_at` is text with its zone."""

    title: str
    subtitle: str
    made_at: str
    footer: str
    sections: tuple[Section, ...]
