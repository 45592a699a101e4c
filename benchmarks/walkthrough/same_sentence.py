"""Pictures of one failover of a killed primary: every page and the mail say the same sentence about the loss.

    python -m benchmarks.walkthrough.same_sentence [--name orders-db] [--group payments] [--pictures docs/images]

Run beside `bcctl up --demo`, in its checkout and with its BC_DATA_DIR; it breaks that demo's primary and lets the run
bring it back. Exit 1 where a page or the mail does not say the sentence of `bcctl status` word for word.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bc_lib import config
from benchmarks.walkthrough.client import writing
from benchmarks.walkthrough.folder import Folder
from benchmarks.walkthrough.people import ASKS, People, Wish, people

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOME = "fra"
PATIENCE_S = 300.0
WINDOW = {"width": 900, "height": 640}
SENTENCE = re.compile(r"At most [^.]*(?:\.\d[^.]*)*? UTC is there, and .*? UTC\.")
HIDDEN = "[data-testid=stToolbar], [data-testid=stHeader] { visibility: hidden }"


@dataclass(slots=True)
class Shots:
    """`said`: whether each picture holds the sentence."""

    page: Page
    folder: Path | None
    sentence: str
    said: dict[str, bool] = field(default_factory=dict)

    def take(self, name: str) -> None:
        """What stands around the sentence on the page that is open."""
        self.page.wait_for_timeout(1500)
        self.said[name] = self.sentence in re.sub(r"\s+", " ", self.page.locator("body").inner_text())
        if self.folder and self.said[name]:
            found = self.page.get_by_text(self.sentence).first
            found.evaluate("(each) => each.scrollIntoView({block: 'center'})")
            self.page.add_style_tag(content=HIDDEN)
            self.page.wait_for_timeout(500)
            self.page.screenshot(path=self.folder / f"same-sentence-{name}.png")


def stated(folder: Folder, name: str) -> str:
    """As `bcctl status` says it, once two looks in a row say the same. Raises RuntimeError."""
    until, before = time.monotonic() + PATIENCE_S, ""
    while time.monotonic() < until:
        reasons = folder.resource(name)["could_fail_over"]["reasons"]
        found = next((match[0] for each in reasons if (match := SENTENCE.search(each["text"]))), "")
        if found and found == before:
            return found
        before = found
        time.sleep(3)
    raise RuntimeError(f"`bcctl status` says nothing about the loss of {name}: {before or reasons}")


def before_the_run(folk: People, shots: Shots, name: str, group: str, site: str) -> str:
    """Resource, Group, Ask, Request and the mail, while nobody has acted; the request's id."""
    page = shots.page
    for kind, which in (("resource", name), ("group", group)):
        page.goto(f"{folk.base}/{kind}?name={which}")
        page.wait_for_selector(f"h1:has-text('{which}')")
        shots.take(kind)
    page.goto(f"{folk.base}/resource?name={name}")
    page.get_by_role("link", name="Raise a request").click()
    page.get_by_role("radio", name="Failover", exact=True).wait_for()
    page.wait_for_selector("h2:has-text('What this would do')")
    shots.take("ask")
    request = folk.ask(Wish(scope="resource", name=name, kind="Failover", site=site))
    page.goto(f"{folk.base}/requests?id={request}")
    page.wait_for_selector("h1 .bc-word")
    shots.take("request")
    page.set_content(mail(f"[CREATED] {request}"))
    shots.take("mail")
    return request


def mail(subject: str) -> str:
    """The HTML of the newest mail with these words in its subject. Raises RuntimeError without one."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        for path in sorted((config.load().data_dir / "demo" / "inbox").glob("*.eml"), reverse=True):
            found = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = found.get_body(("html",))
            if subject in str(found["Subject"]) and body is not None:
                return str(body.get_content())
        time.sleep(1)
    raise RuntimeError(f"No mail {subject!r} came.")


def main() -> int:
    """0 when all of them say the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://localhost:8501")
    parser.add_argument("--name", default="orders-db")
    parser.add_argument("--group", default="payments")
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    folder = Folder(Path(__file__).resolve().parents[2])
    folder.until(given.name, "active_site", HOME, PATIENCE_S)
    folder.until(given.name, "status", "green", PATIENCE_S)
    site = next(each for each in folder.resource(given.name)["sites"] if each != HOME)
    with people(given.url.rstrip("/")) as folk:
        with writing(config.load().data_dir, given.name):
            folder.bcctl("demo", "break", given.name, "primary-down")
            folder.until(given.name, "status", "red")
        page = folk.pages[ASKS]
        page.set_viewport_size(WINDOW)  # type: ignore[arg-type]  # playwright has a TypedDict of its own
        shots = Shots(page, given.pictures, stated(folder, given.name))
        print(shots.sentence, flush=True)
        request = before_the_run(folk, shots, given.name, given.group, site)
        folk.approve(request)
        folk.confirm(request)
        for _, prompt in folk.watch(request, PATIENCE_S):
            if prompt.startswith("Allow"):
                shots.take("run")
    folder.bcctl("demo", "heal", given.name)
    for name, said in shots.said.items():
        print(f"{name}: {'the same sentence' if said else 'NOT the same sentence'}")
    return 0 if all(shots.said.values()) and len(shots.said) == 6 else 1


if __name__ == "__main__":
    sys.exit(main())
