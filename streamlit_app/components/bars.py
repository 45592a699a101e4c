"""Lanes over time as a Plotly figure, from the same value that stands in the pack's PDF."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go  # type: ignore[import-untyped]

from bc_lib.domain.axis import marks
from bc_lib.domain.documents import Bars, Tone
from streamlit_app.components.chart import Palette

LANE, EDGES = 46, 44  # a lane's name stands above its bar, so that both fit on a phone
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
    for place, lane in enumerate(bars.lanes):
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
        said = ", ".join(bar.label for bar in lane.bars) or lane.absent
        shown.add_annotation(x=0, y=place - 0.24, yanchor="bottom", xanchor="left", showarrow=False, align="left",
                             text=f"{escape(lane.name)}: <b>{escape(said)}</b>" if lane.bars
                             else f"{escape(lane.name)}: <i>{escape(said)}</i>",
                             font={"color": palette.ink if lane.bars else palette.soft, "size": 12})  # fmt: skip
    at, words = zip(*marks(end, most_marks), strict=True)
    shown.update_layout(
        height=EDGES + LANE * max(1, len(bars.lanes)),
        showlegend=False,
        barmode="overlay",
        margin={"l": 4, "r": 24, "t": 4, "b": 30},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": palette.soft, "size": 12},
        dragmode=False,
        xaxis={"range": [0, end * 1.02], "tickvals": at, "ticktext": words, "gridcolor": palette.grid,
               "zeroline": False, "fixedrange": True},
        yaxis={"range": [len(bars.lanes) - 0.6, -0.75], "visible": False, "fixedrange": True},
    )  # fmt: skip
    return shown
