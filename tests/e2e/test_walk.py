"""How the journeys walk, on a page that arrives in two halves: nothing is read before all of it is there."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page

from tests.e2e.walk import follow

ROW = b"<tr><td><input type=checkbox></td></tr>"


class Halting(BaseHTTPRequestHandler):
    """A link to a table whose second row comes once somebody has had time to count the first."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        if self.path == "/":
            self.wfile.write(b"<a href=/table>go</a>")
            return
        self.wfile.write(b"<table>" + ROW + b"<!--" + b"-" * 2048 + b"-->")  # more than a browser holds back
        self.wfile.flush()
        threading.Event().wait(0.5)
        self.wfile.write(ROW + b"</table>")

    def log_message(self, *_said: object) -> None:
        """Not on the screen."""


@pytest.fixture
def halting() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Halting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_who_follows_a_link_sees_the_whole_page(page: Page, halting):
    page.goto(halting)
    follow(page.get_by_role("link", name="go"))
    assert len(page.locator("input").all()) == 2
