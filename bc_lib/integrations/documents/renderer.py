"""HTML by Jinja, PDF by PlutoPrint from that HTML. Both libraries are loaded at the first use only."""

from __future__ import annotations

import io
import logging
import threading
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bc_lib.domain.documents import Document, Table
from bc_lib.integrations.documents.pictures import draw
from bc_lib.ports.documents import RenderingFailed

if TYPE_CHECKING:
    from jinja2 import Template

LOG = logging.getLogger("bc.documents")
SMALL_LINES = 10
TEMPLATE = "document.html.j2"
FONTS = {"bc:noto-sans": "normal", "bc:noto-sans-bold": "bold"}  # two addresses: one face keeps one weight
FONT_STYLE = "".join(
    f'@font-face {{ font-family: "Noto Sans"; src: url({url}); font-weight: {weight} }}\n'
    for url, weight in FONTS.items()
)
ONE_AT_A_TIME = threading.Lock()  # the engine keeps fonts in one place for the process


class Documents:
    """Renders documents (ports.documents.DocumentRenderer)."""

    def html(self, document: Document) -> bytes:
        """One file that needs nothing else."""
        return _template().render(d=document, footer_css=_css(document.footer)).encode()

    def pdf(self, document: Document) -> bytes:
        """A4 pages. Raises RenderingFailed."""
        html = self.html(document).decode()
        try:
            with ONE_AT_A_TIME:
                return _print(html, document)
        except Exception as error:  # the engine raises its own kinds, and MemoryError
            LOG.exception("A PDF could not be made")
            raise RenderingFailed(f"The PDF could not be made ({type(error).__name__}).") from error


def visible(text: Any) -> str:
    """Text whose control, direction and unassigned characters are written as ‹U+202E›: a reader sees what is there."""
    return "".join(
        char
        if char == "\n" or char in "\u200c\u200d" or unicodedata.category(char)[0] != "C"
        else f"‹U+{ord(char):04X}›"
        for char in str(text)
    )


def _css(text: str) -> str:
    """Text for a string in CSS: everything but plain characters as an escape."""
    return "".join(
        char if char.isascii() and (char.isalnum() or char in " .,-:()") else f"\\{ord(char):06x} " for char in text
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.tests.update(small_table=_small)
    made.filters.update(v=visible, draw=draw, kind=lambda block: type(block).__name__)
    return made.get_template(TEMPLATE)


def _small(block: Any) -> bool:
    """A table that may be kept on one page with its heading without leaving much of a page empty."""
    return isinstance(block, Table) and sum(1 + max(map(_lines, row), default=0) for row in block.rows) <= SMALL_LINES


def _lines(cell: str) -> int:
    return cell.count("\n") + len(cell) // 40


@cache
def _font() -> str:
    """Address of the file: the engine reads it itself."""
    from importlib.resources import files

    return Path(str(files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf")).absolute().as_uri()


@cache
def _fetcher() -> Any:
    """Gives the font, by its file: what Python gave the engine would be freed after Python has ended, where the process
    breaks (seen from the 20th document on)."""
    import plutoprint

    class OnlyOurFont(plutoprint.ResourceFetcher):  # type: ignore[misc,unused-ignore]
        """Gives the font; reads no file and calls no address, whatever a document says."""

        def fetch_url(self, url: str) -> plutoprint.ResourceData:
            if url not in FONTS:
                raise ValueError("A document asks for something from outside, which it never needs.")
            return plutoprint.default_resource_fetcher.fetch_url(_font())

    return OnlyOurFont()


def _print(html: str, document: Document) -> bytes:
    import plutoprint

    book = plutoprint.Book(plutoprint.PAGE_SIZE_A4)
    book.custom_resource_fetcher = _fetcher()
    book.set_metadata(plutoprint.PDF_METADATA_TITLE, visible(document.title))
    book.load_html(html, user_style=FONT_STYLE)
    out = io.BytesIO()
    book.write_to_pdf_stream(out)
    return out.getvalue()
