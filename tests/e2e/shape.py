"""The shape of a page: which elements stand in which. Pages of one address that have nothing new are looked at once."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Shape(HTMLParser):
    """Collects (element in its parents' company) for each element."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element by its name, classes, type and role."""
        known = dict(attrs)
        name = ".".join(
            [tag, *sorted((known.get("class") or "").split()), known.get("type") or known.get("role") or ""]
        )
        self.found.add(" > ".join([*self.open[-2:], name]))
        if tag not in VOID:
            self.open.append(name)

    def handle_endtag(self, tag: str) -> None:
        """Back to its parent; what was left open is closed with it."""
        for n in range(len(self.open) - 1, -1, -1):
            if self.open[n].split(".")[0] == tag:
                del self.open[n:]
                return


def shape(html: str) -> set[str]:
    """The shape of one page."""
    parser = Shape()
    parser.feed(html)
    return parser.found
