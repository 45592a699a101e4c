"""The pictures of a pack as figures of a page: every lane has its words, the axis says times as people do (issue 5)."""

from __future__ import annotations

from bc_lib.domain.axis import marks
from bc_lib.domain.documents import Bar, Bars, Lane, Tone
from streamlit_app.components import bars, chart

PICTURE = Bars(
    "t",
    (
        Lane("approval (<b>Ian</b>)", (Bar(0, 500, "8 min 20 s", Tone.NOTE),)),
        Lane("move", (Bar(500, 502.4, "2.4 s", Tone.GOOD),)),
        Lane("detect and ask", (), "not measured: no stop of the clients' writes was seen before the request"),
    ),
    "",
)


def test_names_and_words_stand_above_each_bar_whatever_they_hold() -> None:
    made = bars.figure(PICTURE, chart.LIGHT, dark=False)
    said = [each.text for each in made.layout.annotations]
    assert said == [
        "approval (&lt;b&gt;Ian&lt;/b&gt;): <b>8 min 20 s</b>",
        "move: <b>2.4 s</b>",
        "<i>detect and ask: not measured: no stop of the clients&#x27;</i><br><i>writes was seen before the request</i>",
    ]
    assert [bar.base[0] for bar in made.data] == [0, 500]
    assert made.data[1].x[0] >= 502.4 / 200, "a short one is still seen"
    low, high = made.layout.yaxis.range
    assert [each.y for each in made.layout.annotations] == [-0.24, 0.76, 2.26]
    assert low > 2.26 and high < -0.24, "the first lane is on top, and all have room"


def test_the_axis_is_in_times_as_people_say_them() -> None:
    assert marks(502.4, 5) == [(0, "0 s"), (120, "2 min"), (240, "4 min"), (360, "6 min"), (480, "8 min")]
    assert [word for _, word in marks(0.35)] == ["0 s", "0.1 s", "0.2 s", "0.3 s"]
    assert len(marks(90 * 86400.0)) < 20, "longer than the longest step"
