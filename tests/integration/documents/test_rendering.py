"""Documents: HTML and PDF of one template, whatever their texts hold (A12), without a font of the system."""

import os
import subprocess
import sys
from html.parser import HTMLParser

from bc_lib.domain.documents import Bar, Bars, Code, Document, Facts, Lane, Section, Table, Text, Tone
from bc_lib.integrations.documents.pictures import NAME_CHARS, draw
from bc_lib.integrations.documents.renderer import Documents

NASTY = "<script>alert(1)</script> {{ 7*7 }} \"' \u202e\x00 & Łódź Ядро Ωμέγα \\ url(file:///etc/passwd)"


def made(rows: int = 3) -> Document:
    picture = Bars(
        NASTY,
        (
            Lane(NASTY, (Bar(0, 4, NASTY, Tone.NOTE), Bar(5, 90, "85 s", Tone.BAD, open_end=True))),
            Lane("b", (), "not executed"),
        ),
        NASTY,
    )
    table = Table(("number", NASTY), tuple((str(n), NASTY) for n in range(rows)), widths=(20, 80))
    blocks = (Text(NASTY, Tone.BAD), Facts(((NASTY, NASTY),)), table, Table(("a",), (), NASTY), Code(NASTY), picture)
    return Document(title=NASTY, subtitle=NASTY, made_at=NASTY, footer=NASTY, sections=(Section(NASTY, blocks, True),))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.addresses: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.addresses += [value for name, value in attrs if name in {"href", "src", "onload", "onclick"}]


def test_no_text_becomes_markup_and_odd_characters_are_seen() -> None:
    html = Documents().html(made()).decode()
    tags = Tags()
    tags.feed(html)
    assert not tags.names & {"script", "link", "img", "iframe", "object", "a"}
    assert not tags.addresses
    assert "49" not in html.split("<body>")[1].split("<svg")[0]
    assert "\u202e" not in html and "\x00" not in html and "‹U+202E›" in html and "‹U+0000›" in html
    assert html.encode() == Documents().html(made()), "the same document is the same bytes"
    assert "</style" not in html.split("<style>")[1].split("@bottom-right")[0], "the footer stays within its string"


def test_a_long_table_goes_over_pages_with_our_own_font_on_a_machine_without_fonts(tmp_path) -> None:
    (tmp_path / "fonts.conf").write_text("<?xml version='1.0'?><fontconfig></fontconfig>")
    program = (
        "import sys; from tests.integration.documents.test_rendering import made\n"
        "from bc_lib.integrations.documents.renderer import Documents\n"
        "sys.stdout.buffer.write(Documents().pdf(made(120)))"
    )
    env = {**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "PYTHONPATH": os.getcwd()}
    run = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, timeout=120)
    assert run.returncode == 0, run.stderr.decode()
    assert run.stdout.startswith(b"%PDF-") and run.stdout.rstrip().endswith(b"%%EOF")
    assert b"NotoSans" in run.stdout
    assert not run.stderr, "nothing was asked from outside"


def test_a_process_that_printed_many_documents_ends_well() -> None:
    program = (
        "from tests.integration.documents.test_rendering import made\n"
        "from bc_lib.integrations.documents.renderer import Documents\n"
        "for _ in range(24): Documents().pdf(made(1))"
    )
    run = subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": os.getcwd()}, timeout=120)
    assert run.returncode == 0


def test_a_picture_has_a_place_for_each_bar_and_a_word_where_there_is_none() -> None:
    picture = draw(Bars("t", (Lane("a", (Bar(0, 60, "x"),)), Lane("b", (Bar(60, 120, "y"),)), Lane("c", (), "no")), ""))
    first, second = picture.rows[0].shapes[0], picture.rows[1].shapes[0]
    assert first.x + first.width == second.x and picture.rows[2].absent == "no"
    assert [text for _, text in picture.ticks][-1] == "2 min"
    assert draw(Bars("t", (), "")).rows == ()


def test_what_tells_two_lanes_apart_stays_in_a_name_that_is_too_long() -> None:
    step = "12 a-resource-with-a-long-name/start-as-standby"
    names = [row.name for row in draw(Bars("t", (Lane(f"{step} planned"), Lane(f"{step} actual")), "")).rows]
    assert [len(name) for name in names] == [NAME_CHARS, NAME_CHARS]
    assert names[0].startswith("12 a-resource") and names[0].endswith("… planned") and names[1].endswith(" actual")
