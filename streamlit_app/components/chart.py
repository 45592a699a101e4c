"""The trend as a Plotly figure.

Peaks stay: the line is the greatest value of each bucket, the band reaches down to the least.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import plotly.graph_objects as go  # type: ignore[import-untyped]

from streamlit_app.presenters.trend import Line, Trend

HEIGHT = 300
CONFIG = {"displayModeBar": False, "scrollZoom": False, "responsive": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours of one theme; they repeat theme.css because a canvas reads no style sheet."""

    ink: str
    soft: str
    grid: str
    line: str
    band: str
    red: str
    yellow: str
    breach: str


LIGHT = Palette(
    ink="#1b1f23",
    soft="#565c62",
    grid="#dedbd2",
    line="#33414f",
    band="rgba(51,65,79,.22)",
    red="#93190c",
    yellow="#755b00",
    breach="rgba(147,25,12,.13)",
)
DARK = Palette(
    ink="#e7e9eb",
    soft="#a7aeb5",
    grid="#30363c",
    line="#c9d3dc",
    band="rgba(201,211,220,.25)",
    red="#ff8a7a",
    yellow="#e3bd3d",
    breach="rgba(255,138,122,.20)",
)


def figure(trend: Trend, palette: Palette, *, log: bool) -> go.Figure:
    """The figure; on the log axis values under the floor (1 ms, 1 B) stand on it, because zero has no logarithm."""
    floor = (1.0 if trend.in_bytes else 0.001) if log else 0.0
    shown = go.Figure()
    for start, end in trend.bands:
        shown.add_vrect(x0=_time(start), x1=_time(end), fillcolor=palette.breach, line_width=0, layer="below")
    for stretch in trend.stretches:
        times = [_time(point.at) for point in stretch]
        low, high = (
            [max(floor, value) for value in values]
            for values in ([point.low for point in stretch], [point.high for point in stretch])
        )
        shown.add_scatter(x=times, y=low, mode="lines", line={"width": 0}, hoverinfo="skip")
        shown.add_scatter(
            x=times,
            y=high,
            mode="lines" if len(times) > 1 else "markers",
            fill="tonexty",
            fillcolor=palette.band,
            line={"color": palette.line, "width": 1.5},
            hovertemplate="%{x|%H:%M:%S} UTC: %{y:.3~s}<extra></extra>",
        )
    for line in trend.lines:
        _limit(shown, trend, line, palette)
    _layout(shown, trend, palette, log=log)
    return shown


def _limit(shown: go.Figure, trend: Trend, line: Line, palette: Palette) -> None:
    """A limit as a trace with its label, which stands right on a linear and on a log axis alike."""
    colour, dash = (palette.red, "solid") if line.kind == "rpo" else (palette.yellow, "dot")
    shown.add_scatter(
        x=[_time(trend.start), _time(trend.end)],
        y=[line.value, line.value],
        mode="lines+text",
        text=[line.label, ""],
        textposition="top right",
        hoverinfo="skip",
        line={"color": colour, "width": 1.5, "dash": dash},
        textfont={"color": colour, "size": 12},
    )


def _layout(shown: go.Figure, trend: Trend, palette: Palette, *, log: bool) -> None:
    top = max([trend.peak or 0.0, *(line.value for line in trend.lines), 0.001]) * 1.18
    low = 1.0 if trend.in_bytes else 0.001
    axis = {"type": "log", "range": [math.log10(low), math.log10(max(top, low * 10))]} if log else {"range": [0, top]}
    shown.update_layout(
        height=HEIGHT,
        showlegend=False,
        margin={"l": 8, "r": 8, "t": 12, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": palette.soft, "size": 12},
        hovermode="closest",
        dragmode=False,
        xaxis={
            "range": [_time(trend.start), _time(trend.end)],
            "gridcolor": palette.grid,
            "tickformat": "%H:%M",
            "ticklabelstandoff": 6,
            "automargin": True,
            "title": {"text": "UTC", "standoff": 4},
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis={
            "gridcolor": palette.grid,
            "zeroline": False,
            "automargin": True,
            "fixedrange": True,
            "nticks": 5,
            "ticksuffix": "B" if trend.in_bytes else " s",
            "tickformat": ".3~s" if trend.in_bytes else "~g",
            **axis,
        },
    )


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
