"""Pictures of the Request and Run pages for docs/images: desk and phone, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.walkthrough.people import People

SIZES, SCHEMES = (1440, 390), ("light", "dark")
PAGES = (("run", ".bc-runstep"), ("requests", ".bc-history"))
OVERFLOW = """() => [...document.querySelectorAll('[data-testid=stMain] *')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width > 0 && box.right > innerWidth + 1 && !e.closest('.bc-scroll');
}).map(e => e.tagName + '.' + e.className).slice(0, 5)"""


def take(folk: People, request: str, key: str, folder: Path, say: Callable[[str], None]) -> None:
    """run-KEY-WIDTH-SCHEME.png and run-KEY-request-WIDTH-SCHEME.png; says what does not fit its window."""
    folder.mkdir(parents=True, exist_ok=True)
    for width in SIZES:
        for scheme in SCHEMES:
            context = folk.like(width, scheme)
            page = context.new_page()
            for path, there in PAGES:
                page.goto(f"{folk.base}/{path}?id={request}")
                page.wait_for_selector(there)
                page.wait_for_timeout(700)
                if wide := page.evaluate(OVERFLOW):
                    say(f"/{path} at {width} {scheme} does not fit: {wide}")
                height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
                page.set_viewport_size({"width": width, "height": min(max(900, height), 4000)})
                page.wait_for_timeout(400)
                middle = "" if path == "run" else "-request"
                page.screenshot(path=folder / f"run-{key}{middle}-{width}-{scheme}.png")
                page.set_viewport_size({"width": width, "height": 900})
            context.close()
