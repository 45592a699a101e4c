"""Where the parts of a picture of bars stand, in SVG units. Only numbers: the template writes and escapes."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.documents import Bar, Bars, Tone

WIDTH = 680
NAMES = 190  # room of the lanes' names, left
LABELS = 150  # room of the labels behind the last bar, right
LANE = 20
HEAD = 22
NAME_CHARS = 34
LABEL_CHARS = 40
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 604800)
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
            short(lane.name, NAME_CHARS),
            HEAD + LANE * place,
            tuple(_shape(bar, HEAD + LANE * place, room / end) for bar in lane.bars),
            short(lane.absent, LABEL_CHARS * 2),
        )
        for place, lane in enumerate(bars.lanes)
    )
    step = next((step for step in STEPS if end / step <= 6), end)
    ticks = tuple((NAMES + room * step * n / end, seconds(step * n)) for n in range(int(end / step) + 1))
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


def short(text: str, most: int) -> str:
    """At most `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def seconds(value: float) -> str:
    """A mark of the axis: "90 s", "5 min", "2 h"."""
    if value >= 7200 and value % 3600 == 0:
        return f"{value / 3600:g} h"
    return f"{value / 60:g} min" if value >= 120 and value % 60 == 0 else f"{round(value, 1):g} s"
