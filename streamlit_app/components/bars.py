"""Lanes over time as a Plotly figure, from the same value that stands in the pack's PDF."""

from __future__ import annotations

import plotly.graph_objects as go  # type: ignore[import-untyped]

from bc_lib.domain.documents import Bars, Tone
from streamlit_app.components.chart import Palette

LANE, EDGES = 26, 70
LIGHT_TONES = {
    Tone.PLAIN: "#1a44f7",
    Tone.NOTE: "#8a93a6",
    Tone.GOOD: "#18a964",
    Tone.WARN: "#b6900c",
    Tone.BAD: "#93190c",
    Tone.UNKNOWN: "#595959",
}
DARK_TONES = {**LIGHT_TONES, Tone.PLAIN: "#8ea6ff", Tone.BAD: "#ff8a7a", Tone.WARN: "#e3bd3d", Tone.UNKNOWN: "#a7aeb5"}


def figure(bars: Bars, palette: Palette, *, dark: bool) -> go.Figure:
    """One line a lane, the first on top; a lane without a bar says why."""
    tones = DARK_TONES if dark else LIGHT_TONES
    names = [lane.name for lane in bars.lanes]
    end = max((bar.end for lane in bars.lanes for bar in lane.bars), default=1.0) or 1.0
    shown = go.Figure()
    for lane in bars.lanes:
        for bar in lane.bars:
            shown.add_bar(
                y=[lane.name],
                x=[max(bar.end - bar.start, end / 200)],
                base=[bar.start],
                orientation="h",
                marker_color=tones[bar.tone],
                marker_pattern_shape="/" if bar.open_end else "",
                text=[bar.label],
                textposition="outside",
                textfont={"color": palette.ink},
                cliponaxis=False,
                hovertemplate=f"{bar.label}<extra></extra>",
            )
        if lane.absent:
            shown.add_annotation(x=0, y=lane.name, text=lane.absent, showarrow=False, xanchor="left",
                                 font={"color": palette.soft, "size": 11})  # fmt: skip
    shown.update_layout(
        height=EDGES + LANE * max(1, len(names)),
        showlegend=False,
        barmode="overlay",
        bargap=0.35,
        margin={"l": 8, "r": 90, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": palette.soft, "size": 12},
        dragmode=False,
        xaxis={"range": [0, end * 1.02], "ticksuffix": " s", "gridcolor": palette.grid, "zeroline": False,
               "fixedrange": True},
        yaxis={"categoryorder": "array", "categoryarray": names[::-1], "automargin": True, "fixedrange": True,
               "tickfont": {"color": palette.ink}},
    )  # fmt: skip
    return shown
