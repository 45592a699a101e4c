"""N: what a page on another port of this host may do in a browser that is signed in here; and what our own may run."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.absences import chromium
from tests.e2e.server import serving

pytestmark = pytest.mark.needs("browser")
PAGES = (
    "/",
    "/requests",
    "/drills",
    "/audit",
    "/compliance",
    "/inventory",
    "/policies",
    "/health",
    "/resource?name=orders-db",
)
EVIL = b"""<!doctype html><title>evil</title><script>
window.found = new Promise(done => {
  const socket = new WebSocket(TARGET.replace('http', 'ws') + '/_stcore/stream', ['streamlit']);
  socket.onopen = () => done('open');
  socket.onmessage = () => done('data');
  socket.onclose = event => done('closed');
});
</script>"""


@contextmanager
def elsewhere(target: str) -> Iterator[str]:
    """A page on another port of the same host name."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(EVIL.replace(b"TARGET", repr(target).encode()))

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_page_on_another_port_and_what_ours_may_run(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """The socket is refused to it and open to us; no page of ours asks for a script that its policy forbids."""
    from playwright.sync_api import sync_playwright

    with serving(tmp_path / "log.txt") as address, sync_playwright() as playwright:
        base = address.replace("127.0.0.1", "localhost")
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = started.new_context().new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(base + "/")
        page.get_by_role("button", name="Vera").click()
        page.wait_for_selector(".bc-asof", timeout=30_000)
        for path in PAGES:
            page.goto(base + path)
            page.wait_for_selector("[data-testid=stMain] .stHtml", state="attached", timeout=30_000)
            page.wait_for_timeout(500)
        assert [text for text in said if "Content Security Policy" in text] == []
        with elsewhere(base) as evil:
            other = page.context.new_page()
            other.goto(evil)
            assert other.evaluate("window.found") == "closed"
        started.close()
