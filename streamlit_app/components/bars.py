"""Lanes over time as a Plotly figure, from the same value that stands in the pack's PDF."""

from __future__ import annotations

from html import escape
from textwrap import wrap

import plotly.graph_objects as go  # type: ignore[import-untyped]

from bc_lib.domain.axis import marks
from bc_lib.domain.documents import Bars, Lane, Tone
from streamlit_app.components.chart import Palette

LANE, EDGES = 46, 44  # a lane's name stands above its bar, so that both fit on a phone
WORDS_ONLY = 0.5  # of a lane: a line of words where there is no bar
NARROW = 54  # characters that a phone shows in a line
LIGHT_TONES = {
    Tone.PLAIN: "#1a44f7",
    Tone.NOTE: "#8a93a6",
    Tone.GOOD: "#18a964",
    Tone.WARN: "#b6900c",
    Tone.BAD: "#93190c",
    Tone.UNKNOWN: "#595959",
}
DARK_TONES = {**LIGHT_TONES, Tone.PLAIN: "#8ea6ff", Tone.BAD: "#ff8a7a", Tone.WARN: "#e3bd3d", Tone.UNKNOWN: "#a7aeb5"}


def figure(bars: Bars, palette: Palette, *, dark: bool, most_marks: int = 5) -> go.Figure:
    """One line a lane, the first on top: its name and what is said of it, and below it the bar, where there is one."""
    tones = DARK_TONES if dark else LIGHT_TONES
    end = max((bar.end for lane in bars.lanes for bar in lane.bars), default=1.0) or 1.0
    shown = go.Figure()
    below = 0.0
    for lane in bars.lanes:
        words = _words(lane)
        place = below + WORDS_ONLY * words.count("<br>")  # the words stand above it, the bar around it
        below = place + (1.0 if lane.bars else WORDS_ONLY)
        for bar in lane.bars:
            shown.add_bar(
                y=[place],
                x=[max(bar.end - bar.start, end / 200)],
                base=[bar.start],
                width=0.36,
                orientation="h",
                marker_color=tones[bar.tone],
                marker_pattern_shape="/" if bar.open_end else "",
                hovertemplate=f"{escape(lane.name)}: {escape(bar.label)}<extra></extra>",
            )
        font = {"color": palette.ink if lane.bars else palette.soft, "size": 12}
        where = {"x": 0, "y": place - 0.24, "xanchor": "left", "yanchor": "bottom"}
        shown.add_annotation(text=words, font=font, showarrow=False, align="left", **where)
    at, texts = zip(*marks(end, most_marks), strict=True)
    shown.update_layout(
        height=EDGES + round(LANE * max(1.0, below)),
        showlegend=False,
        barmode="overlay",
        margin={"l": 14, "r": 24, "t": 4, "b": 30},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": palette.soft, "size": 12},
        dragmode=False,
        xaxis={"range": [0, end * 1.02], "tickvals": at, "ticktext": texts, "gridcolor": palette.grid,
               "zeroline": False, "fixedrange": True},
        yaxis={"range": [max(1.0, below) - 0.5, -0.75], "visible": False, "fixedrange": True},
    )  # fmt: skip
    return shown


def _words(lane: Lane) -> str:
    """Its name and what is said of it; what says why there is no bar may be a long sentence, and a phone is narrow."""
    if lane.bars:
        return f"{escape(lane.name)}: <b>{escape(', '.join(bar.label for bar in lane.bars))}</b>"
    lines = wrap(f"{lane.name}: {lane.absent}", NARROW)
    return "<br>".join(f"<i>{escape(each)}</i>" for each in lines)
