"""Documents for people: one value, rendered as HTML and as PDF from one template."""

from __future__ import annotations

from typing import Protocol

from bc_lib.domain.documents import Document


class RenderingFailed(Exception):
    """The document could not be made; one sentence."""


class DocumentRenderer(Protocol):
    """Renders documents. Every text in them is escaped; control and direction characters are made visible."""

    def html(self, document: Document) -> bytes:
        """One UTF-8 file that needs nothing else: no script, no address, no font. The same document, the same bytes."""
        ...

    def pdf(self, document: Document) -> bytes:
        """A4 pages with their numbers, from the same template. Not the same bytes each time. Raises RenderingFailed."""
        ...
