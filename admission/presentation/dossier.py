"""The dossier of a case: every document of it, in the order in which it came to be (art 11; rulebook 5.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admission.models import AgendaItem, Attendance, Deadline, ImplementationPlan, Opinion, Screening
from admission.presentation.attendees import Guests, guests_of
from admission.presentation.case import Case
from admission.presentation.contacts import form_as_read
from admission.presentation.notice import Document, document
from admission.presentation.sheet import Fact, Section, guarantees, sheet, work
from base import events
from communities.roles import Role
from worklists.models import CompletionFiling

ORGANS = frozenset({Role.OFFICE, Role.DIRECTOR, Role.DEPUTY, Role.MEMBER, Role.ALTERNATE, Role.CITY, Role.AUDITOR})
"""Who reads the whole minutes of a meeting; the others read what was said of their own item (section 3)."""

SCREENED = ("completeness", "legality", "necessity", "guarantees", "burden", "alternatives", "opinion")


@dataclass(frozen=True)
class PlanVersion:
    """One version of the plan with all its answers."""

    plan: ImplementationPlan
    facts: list[Fact]


@dataclass(frozen=True)
class Hearing:
    """One time before a meeting: who came, what was said, and the minutes where this person may read them."""

    item: AgendaItem
    attendances: list[Attendance]
    guests: Guests
    minutes: str
    withheld: bool


@dataclass(frozen=True)
class Chapter:
    """One entry of the contents: its anchor, its title, how much it holds, and what its template shows."""

    slug: str
    title: str
    note: str
    content: Any

    @property
    def template(self) -> str:
        """The template of this chapter."""
        return f"admission/dossier/{self.slug}.html"


class Dossier:
    """Everything about one application, for one reader; a fixed number of queries."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.application = case.application

    @cached_property
    def chapters(self) -> list[Chapter]:
        """The chapters that hold something, numbered in the template."""
        found = []
        for slug, title, read in CHAPTERS:
            content = read(self)
            if content:
                note = _("%s 份") % len(content) if isinstance(content, list) and slug in COUNTED else ""
                found.append(Chapter(slug, str(title), note, content))
        return found

    def form(self) -> list[Section]:
        """The application form as it stands; for the plan it points to the versions, which follow."""
        plan = self.case.plan
        sections = sheet(form_as_read(self.application, self.case.actor), plan) if plan else []
        follows = [(_("实施方案"), _("见后面的“实施方案”，共 %s 版") % len(self.case.plans))]
        return [
            Section(section.slug, section.title, follows) if section.slug in {"plan", "guarantees"} else section
            for section in sections
        ]

    def plans(self) -> list[PlanVersion]:
        """Every version, the first one first."""
        return [PlanVersion(plan, [*work(plan), *guarantees(plan)]) for plan in reversed(self.case.plans)]

    def opinions(self) -> list[dict[str, Any]]:
        """Each round with every answer word for word, the streets first; silence is a row too.

        `replaced`: what a street said for communities that answered for themselves afterwards (A-4).
        """
        rows = (
            Opinion.objects.filter(round__application=self.application)
            .select_related("body", "on_behalf_by", "response")
            .order_by("body__code", "answered_at")
        )
        by_round: dict[int, list[Opinion]] = {}
        for row in rows:
            by_round.setdefault(row.round_id, []).append(row)
        own = {(row.round_id, row.body_id) for row in rows if row.on_behalf_by_id is None}
        replaced = {row.pk for row in rows if row.on_behalf_by_id and (row.round_id, row.body_id) in own}
        return [
            {"round": each, "opinions": by_round.get(each.pk, []), "replaced": replaced}
            for each in reversed(self.case.rounds)
        ]

    def defects(self) -> list[Any]:
        """The returns for correction, the first one first."""
        return list(self.application.defect_notes.order_by("returned_at"))

    def screenings(self) -> list[dict[str, Any]]:
        """Each initial screening by the points of the form."""
        rows = self.application.screenings.order_by("screened_at")
        return [
            {"row": row, "facts": [(_label(name), getattr(row, name)) for name in SCREENED if getattr(row, name)]}
            for row in rows
        ]

    def coordination(self) -> dict[str, Any]:
        """Whom the office talked to, and what became of each disputed point."""
        if self.case.coordination is None:
            return {}
        points = sorted(self.case.points, key=lambda point: point.pk)
        return {"row": self.case.coordination, "contacts": self.case.contacts, "points": points}

    def hearings(self) -> list[Hearing]:
        """Each time it was heard, the first one first."""
        items = list(reversed(self.case.heard))
        came: dict[int, list[Attendance]] = {}
        rows = Attendance.objects.filter(meeting__in=[item.meeting_id for item in items]).select_related("unit")
        for row in rows.order_by("pk"):
            came.setdefault(row.meeting_id, []).append(row)
        may_read = self.case.actor.role in ORGANS
        guests = guests_of(self.application, [item.meeting_id for item in items], inside=may_read)
        found = []
        for item in items:
            closed, key = item.meeting.closed_at is not None, item.meeting_id
            minutes = item.meeting.minutes if closed and may_read else ""
            found.append(
                Hearing(item, came.get(key, []), guests.get(key, Guests()), minutes, withheld=closed and not may_read)
            )
        return found

    def decision(self) -> Any:
        """The decision, once there is one."""
        return getattr(self.application, "decision", None)

    def notice(self) -> Document | None:
        """The work notice as it was issued."""
        notice = getattr(self.application, "notice", None)
        return document(notice, self.case.receipts) if notice else None

    def receipts(self) -> list[Any]:
        """Who acknowledged it, and when."""
        return self.case.receipts

    def filing(self) -> Any:
        """The entry in the office's register."""
        return getattr(self.application, "filing", None)

    def completions(self) -> list[CompletionFiling]:
        """Completion and early exit of the item that this application is about."""
        if self.application.item_id is None:
            return []
        rows = CompletionFiling.objects.visible_to(self.case.actor).filter(item=self.application.item_id)
        return list(rows.select_related("filed_by").prefetch_related("comments__body").order_by("filed_at"))

    def clocks(self) -> list[Deadline]:
        """Every clock that ever ran, the first one first."""
        return list(self.application.deadlines.order_by("pk"))

    def files(self) -> list[Any]:
        """What is attached."""
        return self.case.files

    def history(self) -> list[events.Said]:
        """Every audit line that this reader may know of, the first one first."""
        return list(reversed(events.timeline(self.application, code=self.case.actor.code)))


def _label(name: str) -> str:
    return str(next(field.verbose_name for field in Screening._meta.fields if field.name == name))


COUNTED = frozenset({"plans", "opinions", "files", "completions"})
CHAPTERS: tuple[tuple[str, Promise, Callable[[Dossier], Any]], ...] = (
    ("form", gettext_lazy("申请表"), Dossier.form),
    ("plans", gettext_lazy("实施方案"), Dossier.plans),
    ("opinions", gettext_lazy("征询意见"), Dossier.opinions),
    ("defects", gettext_lazy("补正通知"), Dossier.defects),
    ("screenings", gettext_lazy("初审"), Dossier.screenings),
    ("coordination", gettext_lazy("沟通协调"), Dossier.coordination),
    ("hearings", gettext_lazy("会议审议"), Dossier.hearings),
    ("decision", gettext_lazy("核准决定"), Dossier.decision),
    ("notice", gettext_lazy("工作告知单"), Dossier.notice),
    ("receipts", gettext_lazy("签收"), Dossier.receipts),
    ("filing", gettext_lazy("备案"), Dossier.filing),
    ("completions", gettext_lazy("完成和退出备案"), Dossier.completions),
    ("files", gettext_lazy("附件"), Dossier.files),
    ("clocks", gettext_lazy("时限"), Dossier.clocks),
    ("history", gettext_lazy("办理经过"), Dossier.history),
)
