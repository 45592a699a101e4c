"""Pictures of the screens for docs/.

    python -m tests.e2e.screenshots http://localhost:8501 docs/pictures / "/resource?name=orders-db"

Each path is taken at 1440 and 390 px, light and dark, signed in as Sam of the demo.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.absences import chromium

SIZES = ((1440, 900), (390, 844))


def take(page: Page, base: str, path: str, folder: Path, tail: str) -> None:
    """One picture of the whole page."""
    page.goto(base + path)
    if "/sign-in" in page.url:
        page.get_by_role("button", name="Sam").click()
    page.wait_for_selector(".bc-asof, .bc-trouble", timeout=30_000)
    page.wait_for_timeout(1500)
    size = page.viewport_size or {"width": 1440, "height": 900}
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": min(max(size["height"], height), 4000)})
    page.wait_for_timeout(500)
    name = path.strip("/").replace("?name=", "-") or "overview"
    page.screenshot(path=folder / f"{name}-{tail}.png")
    page.set_viewport_size(size)


def main(base: str, folder: Path, paths: list[str]) -> None:
    """All pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for width, height in SIZES:
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
                page = context.new_page()
                for path in paths:
                    take(page, base, path, folder, f"{width}-{scheme}")
                context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), sys.argv[3:] or ["/"])
