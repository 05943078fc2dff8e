"""What waits for the receiving end: opinions to give, notices to acknowledge (art 6, 7; T2, T16)."""

from dataclasses import replace
from datetime import date

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from admission.deadlines import Clock
from admission.models import Application, Deadline, NoticeReceipt, Opinion
from admission.todo._line import address, line
from base import acts
from base.todo import TodoLine
from communities.roles import APPLICANTS, Actor, Role


def _clock_of(kind: Clock, path: str) -> Prefetch:
    running = Deadline.objects.filter(clock=kind, stopped_on__isnull=True)
    return Prefetch(path, queryset=running, to_attr="running")


def _running(application: Application) -> Deadline | None:
    found: list[Deadline] = application.running  # type: ignore[attr-defined]
    return found[0] if found else None


def opinions(actor: Actor, today: date) -> list[TodoLine]:
    """Consultations that this street or community has not answered and still may. Two queries."""
    rows = (
        Opinion.objects.waiting_for(actor.code)
        .select_related("round__application__applicant")
        .prefetch_related(_clock_of(Clock.CONSULTATION, "round__application__deadlines"))
    )
    return [_opinion(row, today) for row in rows]


def _opinion(opinion: Opinion, today: date) -> TodoLine:
    application = opinion.round.application
    over = opinion.round.due_on < today
    what = _("期满没有答复，还可以补答；没有答复不算同意") if over else _("征询您的意见")
    clock = _running(application)
    asked_now = clock is not None and clock.started_on == acts.legal_day(opinion.round.opened_at)
    found = line(
        application,
        "give_opinion",
        what=f"{application.applicant} · {what}",
        button=_("填写意见"),
        url=address("opinion", opinion.pk),
        clock=clock if asked_now else None,
    )
    return found if asked_now else replace(found, due_on=opinion.round.due_on)


def receipts(actor: Actor, today: date) -> list[TodoLine]:
    """Work notices that this unit, street or community has not acknowledged. Two queries."""
    own = Q(unit_id__in=actor.units if actor.role in APPLICANTS else ())
    if actor.role in {Role.STREET, Role.COMMUNITY}:
        own |= Q(body__code=actor.code)
    rows = (
        NoticeReceipt.objects.open()
        .filter(own)
        .select_related("notice__application__applicant")
        .prefetch_related(_clock_of(Clock.ACKNOWLEDGEMENT, "notice__application__deadlines"))
    )
    return [
        line(
            row.notice.application,
            "acknowledge",
            what=_("工作告知单 %(number)s，%(day)s起施行")
            % {"number": row.notice.number, "day": _month_day(row.notice.starts_on)},
            button=_("看过后签收"),
            url=address("notice", row.notice_id),
            clock=_running(row.notice.application),
        )
        for row in rows
    ]


def _month_day(day: date) -> str:
    return _("%(month)s月%(day)s日") % {"month": day.month, "day": day.day}
