"""What waits for somebody: the lines of the home page. Every app answers `lines(actor, today)` in its `todo`."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class TodoLine:
    """One thing to do: what it is about, what is asked, by when, and the one button that leads there.

    `act` names the deed for tests and interfaces (the value of a step, or the name of an action); `page` is where the
    thing can be read, `url` where it is done.
    """

    act: str
    title: str
    what: str
    button: str
    url: str
    page: str
    due_on: date | None = None
    provisional: bool = False
    state: str = ""
    tone: str = ""
