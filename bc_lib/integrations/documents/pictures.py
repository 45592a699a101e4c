"""Where the parts of a picture of bars stand, in SVG units. Only numbers: the template writes and escapes."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.axis import marks
from bc_lib.domain.documents import Bar, Bars, Tone

WIDTH = 680
NAMES = 190  # room of the lanes' names, left
LABELS = 170  # room of the labels behind the last bar, right
LANE = 20
HEAD = 22
NAME_CHARS = 34
LABEL_CHARS = 32
ABSENT_CHARS = 84
COLOURS = {
    Tone.PLAIN: "#1a44f7",
    Tone.NOTE: "#8a93a6",
    Tone.GOOD: "#18a964",
    Tone.WARN: "#b6900c",
    Tone.BAD: "#93190c",
    Tone.UNKNOWN: "#595959",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A bar on paper."""

    x: float
    y: float
    width: float
    colour: str
    label: str
    label_x: float
    open_end: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A lane on paper."""

    name: str
    y: float
    shapes: tuple[Shape, ...]
    absent: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole picture. `ticks`: place and text of the axis."""

    width: int
    height: int
    left: int
    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]


def draw(bars: Bars) -> Picture:
    """The picture of `bars`."""
    every = [bar for lane in bars.lanes for bar in lane.bars]
    end = max((bar.end for bar in every), default=0.0) or 1.0
    room = WIDTH - NAMES - LABELS
    rows = tuple(
        Row(
            short(lane.name, NAME_CHARS, tail=8),  # what tells two lanes of a step apart stands at the end
            HEAD + LANE * place,
            tuple(_shape(bar, HEAD + LANE * place, room / end) for bar in lane.bars),
            short(lane.absent, ABSENT_CHARS),
        )
        for place, lane in enumerate(bars.lanes)
    )
    ticks = tuple((round(NAMES + room * at / end, 2), text) for at, text in marks(end))
    return Picture(WIDTH, HEAD + LANE * len(rows) + 6, NAMES, rows, ticks)


def _shape(bar: Bar, y: float, scale: float) -> Shape:
    x, width = NAMES + bar.start * scale, max((bar.end - bar.start) * scale, 1.5)
    return Shape(
        round(x, 2),
        y,
        round(width, 2),
        COLOURS[bar.tone],
        short(bar.label, LABEL_CHARS),
        round(x + width + 4, 2),
        bar.open_end,
    )


def short(text: str, most: int, tail: int = 0) -> str:
    """At most `most` characters, the last `tail` of them those of the text's end."""
    return text if len(text) <= most else text[: most - 1 - tail] + "…" + text[len(text) - tail :]
