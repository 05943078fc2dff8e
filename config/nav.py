"""The main navigation: which entries each role has and where they lead."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.roles import Actor, Role

CASEWORK = frozenset(
    {
        Role.APPLICANT, Role.STREET, Role.COMMUNITY, Role.OFFICE, Role.DIRECTOR, Role.DEPUTY, Role.MEMBER,
        Role.ALTERNATE, Role.CITY, Role.AUDITOR,
    }
)  # fmt: skip
EVERYBODY = frozenset(Role)
WATCHERS = frozenset({Role.CITY, Role.AUDITOR})
"""Who has no case to work on, at most a supervision case of their own, and looks at what is overdue first."""
NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Entry:
    """One entry: its word, the name of its address, who has it; `public` where visitors have it too; `also` names
    addresses below which it is the current one, though they are not below its own."""

    label: Promise
    name: str
    roles: frozenset[Role]
    public: bool = False
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> int:
        """How much of this path is an address of the entry; 0 where none is."""
        urls = [reverse(name) for name in (self.name, *self.also)]
        return max((len(url) for url in urls if (path == url if url == "/" else path.startswith(url))), default=0)


HOME = "home"
INBOX = "inbox"
ENTRIES = (
    Entry(_("待办"), HOME, EVERYBODY - WATCHERS),
    Entry(_("督办"), HOME, WATCHERS),
    Entry(_("查一查"), "worklists:check", frozenset({Role.STREET, Role.COMMUNITY})),
    Entry(_("申请"), "admission:applications", CASEWORK),
    Entry(_("清单"), "worklists:list", EVERYBODY, public=True, also=("worklists:registers",)),
    Entry(_("会议"), "admission:meetings", CASEWORK),
    Entry(_("告知单"), "admission:notices", CASEWORK),
    Entry(_("备案"), "worklists:filings", CASEWORK),
    Entry(_("报告"), "worklists:reports", CASEWORK - {Role.ALTERNATE}, also=("worklists:refusals",)),
    Entry(_("督办件"), "worklists:supervision", CASEWORK - {Role.ALTERNATE, Role.COMMUNITY}),
    Entry(_("结果公示"), "admission:outcomes", NOBODY, public=True),
    Entry(_("区划"), "communities:list", frozenset({Role.ADMIN})),
    Entry(_("任职"), "communities:appointments", frozenset({Role.ADMIN, Role.AUDITOR})),
    Entry(_("账号"), "communities:accounts", frozenset({Role.ADMIN})),
    Entry(_("消息"), INBOX, EVERYBODY),
    Entry(_("设置"), "admission:settings", frozenset({Role.OFFICE, Role.ADMIN})),
    Entry(_("审计"), "admission:audit", frozenset({Role.CITY, Role.AUDITOR})),
)

Link = tuple[str, str, bool, int]


def links(request: HttpRequest, actor: Actor | None, counts: dict[str, int]) -> list[Link]:
    """(word, address, is it this page, count) of each entry. `counts` by the name of the address."""
    mine = [entry for entry in ENTRIES if (entry.public if actor is None else actor.role in entry.roles)]
    held = [entry.holds(request.path) for entry in mine]
    here = held.index(max(held)) if any(held) else None
    return [
        (str(entry.label), reverse(entry.name), n == here, counts.get(entry.name, 0)) for n, entry in enumerate(mine)
    ]
