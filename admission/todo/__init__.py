"""What waits for each role, one line for each thing to do; a fixed number of queries whatever the number of rows.

The lines say whose turn it is, and offer nothing that `access` and `conditions` would refuse.
"""

from collections.abc import Callable
from datetime import date

from admission.todo import _applicant, _committee, _office, _receiving
from base.todo import TodoLine
from communities.roles import Actor, Role

Part = Callable[[Actor, date], list[TodoLine]]

PARTS: dict[Role, tuple[Part, ...]] = {
    Role.APPLICANT: (_applicant.lines, _receiving.receipts),
    Role.STREET: (_receiving.opinions, _receiving.receipts, _applicant.lines),
    Role.COMMUNITY: (_receiving.opinions, _receiving.receipts),
    Role.OFFICE: (_office.lines, _committee.meetings),
    Role.DIRECTOR: (_committee.decisions, _committee.meetings),
    Role.DEPUTY: (_committee.decisions, _committee.meetings),
    Role.MEMBER: (_committee.windows, _office.lines, _committee.meetings),
    Role.ALTERNATE: (_committee.windows,),
}
"""Who is not named here watches and has nothing to do: city, auditor, administrator."""


def lines(actor: Actor, today: date) -> list[TodoLine]:
    """Everything that waits for this post, the earliest due first, then what has no date."""
    found = [line for part in PARTS.get(actor.role, ()) for line in part(actor, today)]
    return sorted(found, key=lambda line: (line.due_on or date.max, line.title))
