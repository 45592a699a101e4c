"""A failover of a killed primary by phone (390 px): from the alert's mail to the allowed rewind, by the mails' links.

    python -m benchmarks.walkthrough.phone [--name orders-db] [--pictures DIR]

Run beside `bcctl up --demo`, in its checkout and with its BC_DATA_DIR. Three persons with a phone each open only what a
mail links to, and tap. Counted: taps (a link in a mail, a button, a choice, a field to type in), and machine seconds,
which are those in which a person can only wait: for a page, an answer, the next mail. The script thinks for no time at
all, so the machine seconds are all of the time between the alert and the allowance.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.walkthrough.folder import Folder
from benchmarks.walkthrough.people import ASKS, BUSINESS, IT, SLOW_MS
from tests.absences import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

HOME = "fra"
WIDTH, HEIGHT = 390, 844
PATIENCE_S = 120.0


@dataclass(slots=True)
class Walk:
    """What was tapped, when, by whom; and pictures, where somebody wants them."""

    folder: Folder
    name: str
    pages: dict[str, Page]
    shots: Path | None
    since: str
    began: float = 0.0
    mails_s: float = 0.0
    taps: list[tuple[str, str, float]] = field(default_factory=list)

    def tap(self, who: str, what: str) -> None:
        """One more tap."""
        self.began = self.began or time.monotonic()
        self.taps.append((who, what, time.monotonic() - self.began))

    def open(self, who: str, subject: str, link: str, there: str) -> Page:
        """The link in the newest mail with these words in its subject is tapped. Raises RuntimeError without one."""
        asked = time.monotonic()
        address = self._mail(subject, link)
        if self.began:
            self.mails_s += time.monotonic() - asked
        page = self.pages[who]
        self.tap(who, f"link in the mail {subject}")
        page.goto(address)
        page.wait_for_selector(there)
        self.picture(who, subject)
        return page

    def press(self, who: str, where: Locator, what: str) -> None:
        """A button or choice, which must be in the window without scrolling first when it decides something."""
        self.tap(who, what)
        where.tap()

    def type(self, who: str, where: Locator, text: str, what: str) -> None:
        """A field that is tapped and typed in."""
        self.tap(who, what)
        where.fill(text)

    def picture(self, who: str, of: str) -> None:
        """What stands in the window of the phone now."""
        if self.shots:
            name = re.sub(r"[^a-z]+", "-", of.lower()).strip("-")
            self.pages[who].wait_for_timeout(500)
            self.pages[who].screenshot(path=self.shots / f"phone-{len(self.taps):02d}-{name}.png")

    def _mail(self, subject: str, link: str) -> str:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            for mail in self.folder.asked("demo", "inbox")["mails"]:
                if subject in mail["subject"] and mail["received_at"] >= self.since:
                    text = self.folder.bcctl("demo", "inbox", str(mail["number"]))
                    if found := re.search(rf"https?://\S*{link}\S*", text):
                        return found.group()
            time.sleep(0.5)
        raise RuntimeError(f"No mail {subject!r} with a link to {link!r} came in {PATIENCE_S:.0f} s.")


def walk(done: Walk) -> str:
    """From the alert to the allowed rewind; the request's id."""
    name = done.name
    page = done.open(ASKS, f"[PROBLEM] {name}", f"resource\\?name={name}", "h1")
    done.press(ASKS, page.get_by_role("link", name="Raise a request"), "Raise a request")
    page.wait_for_selector(f"h1:has-text('Raise a request about {name}')")
    if page.get_by_role("radio", name="Failover", exact=True).get_attribute("aria-checked") != "true":
        done.press(ASKS, page.get_by_role("radio", name="Failover", exact=True), "Failover")
    page.wait_for_selector("h2:has-text('What this would do')")
    done.picture(ASKS, "ask")
    done.type(ASKS, page.get_by_label("Reason"), "Primary is down", "the reason")
    done.press(ASKS, page.get_by_role("button", name="Raise the request"), "Raise the request")
    page.wait_for_url(re.compile(r"/requests\?id=r-\d+"))
    request = page.url.split("id=")[1].split("&")[0]
    for who in (IT, BUSINESS):
        page = done.open(who, f"[CREATED] {request}", f"requests\\?id={request}&act=approve", "h1 .bc-word")
        _through(done, who, page, "Approve")
        page.wait_for_selector(".bc-done")
    page = done.open(ASKS, f"[APPROVED] {request}", f"requests\\?id={request}&act=confirm", "h1 .bc-word")
    _confirm(done, page)
    page = done.open(IT, f"[HELD] {request}", f"run\\?id={request}&act=allow", "h1 .bc-word")
    _through(done, IT, page, "Allow")
    page.wait_for_selector("[data-testid=stDialog]", state="detached")
    done.picture(IT, "allowed")
    return request


def _through(done: Walk, who: str, page: Page, verb: str) -> None:
    """The dialog of a decision: opened by the link itself or by its button, then pressed."""
    dialog = page.get_by_role("dialog")
    opener = page.get_by_role("button", name=re.compile(rf"^{verb}.*…$")).first
    dialog.or_(opener).first.wait_for()
    if not dialog.count():
        done.press(who, opener, f"{verb}…")
    field_ = dialog.get_by_label("What was seen or why")
    button = dialog.get_by_role("button", name=re.compile(rf"^{verb} "))
    button.wait_for()
    done.picture(who, f"{verb} dialog")
    if field_.count():
        done.type(who, field_, "Its data may be overwritten", "why")
    done.press(who, button, verb)


def _confirm(done: Walk, page: Page) -> None:
    dialog = page.get_by_role("dialog")
    opener = page.get_by_role("button", name="Confirm…")
    dialog.or_(opener).first.wait_for()
    if not dialog.count():
        done.press(ASKS, opener, "Confirm…")
    phrase = page.locator(".bc-phrase").inner_text()
    done.picture(ASKS, "confirm dialog")
    if (accept := page.get_by_text("I accept losing")).count():
        done.press(ASKS, accept, "I accept losing …")
    done.type(ASKS, page.get_by_label("Phrase"), phrase, "the phrase")
    done.press(ASKS, dialog.get_by_role("button", name="Confirm", exact=True), "Confirm")
    page.wait_for_url(re.compile(r"/run\?id=r-\d+"))


@contextmanager
def phones(base: str) -> Iterator[dict[str, Page]]:
    """A phone each, signed in."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            pages = {}
            for name in (ASKS, IT, BUSINESS):
                context = browser.new_context(
                    viewport={"width": WIDTH, "height": HEIGHT}, has_touch=True, is_mobile=True, color_scheme="dark"
                )
                context.set_default_timeout(SLOW_MS)
                pages[name] = context.new_page()
                pages[name].goto(base + "/")
                pages[name].get_by_role("button", name=name).tap()
                pages[name].wait_for_selector(".bc-asof")
            yield pages
        finally:
            browser.close()


def main() -> int:
    """0 when the rewind was allowed and the run succeeded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://localhost:8501")
    parser.add_argument("--name", default="orders-db", help="whose primary is killed")
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    folder = Folder(Path(__file__).resolve().parents[2])
    folder.until(given.name, "active_site", HOME)
    folder.until(given.name, "status", "green")
    if given.pictures:
        given.pictures.mkdir(parents=True, exist_ok=True)
    with phones(given.url.rstrip("/")) as pages:
        done = Walk(folder, given.name, pages, given.pictures, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()))
        folder.bcctl("demo", "break", given.name, "primary-down")
        request = walk(done)
        last = time.monotonic() - done.began
    for number, (who, what, at) in enumerate(done.taps, 1):
        print(f"{number:2}  {at:6.1f} s  {who}: {what}")
    print(f"{request}: {len(done.taps)} taps, {last:.1f} machine seconds from the alert's mail to the allowed rewind")
    print(f"of them {done.mails_s:.1f} s until the next mail was there (it is looked for once a second)")
    until = time.monotonic() + PATIENCE_S
    while (word := folder.asked("request", "show", request)["state"]) != "Succeeded" and time.monotonic() < until:
        time.sleep(1)
    print(f"{request} ended as {word}")
    folder.bcctl("demo", "heal", given.name)
    return 0 if word == "Succeeded" else 1


if __name__ == "__main__":
    sys.exit(main())
