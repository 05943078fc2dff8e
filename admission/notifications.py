"""What is told to whom, step by step: rows of the outbox, written in the transaction of the act itself."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _

from admission.conditions.listed import without_effect
from admission.models import Application, CommitteeSeat, Deadline, NoticeReceipt, Opinion
from admission.procedure import BEFORE_COMMITTEE, State, Step
from base import acts, outbox
from base.templatetags.portal import zh_day
from base.text import spoken_in_chinese
from communities.actors import emails_of
from communities.models import Department, Division
from communities.roles import MEMBERS, Role, inbox

Group = Callable[[Application], Iterable[str]]


def of_body(body: Division) -> str:
    """The inbox of a street or a community."""
    community = body.kind in {Division.Kind.COMMUNITY, Division.Kind.VILLAGE}
    return inbox(Role.COMMUNITY if community else Role.STREET, body.code, None)


def applicant(application: Application) -> list[str]:
    """The applying unit, and the street that prepared the draft."""
    boxes = [of_unit(application.applicant)]
    return [*boxes, of_unit(application.prepared_by)] if application.prepared_by else boxes


def of_unit(unit: Department) -> str:
    """The inbox of a department, or of a street's office; of one that was abolished, its successor's (A-30)."""
    while unit.ends_on and unit.successor:
        unit = unit.successor
    return inbox(Role.STREET, unit.street.code, None) if unit.street else inbox(Role.APPLICANT, "", unit.pk)


def of_receipt(row: NoticeReceipt) -> str:
    """The inbox of who is to acknowledge: a place or a unit, one of them by constraint."""
    return of_body(row.body) if row.body else of_unit(cast("Department", row.unit))


def the_office(application: Application) -> list[str]:
    """Who does the office's steps for this application."""
    unit = application.office_unit
    while unit.ends_on and unit.successor:
        unit = unit.successor
    return [inbox(Role.MEMBER if application.office_recused else Role.OFFICE, "", unit.pk)]


def deciders(application: Application) -> list[str]:
    """Director and deputies."""
    return [inbox(role, application.county.code, None) for role in (Role.DIRECTOR, Role.DEPUTY)]


def members(application: Application) -> list[str]:
    """The member units of the committee on that day, the applicant's own left out."""
    seats = CommitteeSeat.objects.valid(acts.legal_day(application.changed_at)).filter(
        county=application.county, post="member"
    )
    return [inbox(Role.MEMBER, "", seat.unit_id) for seat in seats if seat.unit_id != application.applicant_id]


def asked(application: Application) -> list[str]:
    """The streets and communities of the newest round."""
    newest = application.rounds.order_by("-number").first()
    return [of_body(opinion.body) for opinion in newest.opinions.select_related("body")] if newest else []


def concerned(application: Application) -> list[str]:
    """Every street and community that was ever asked."""
    return [of_body(opinion.body) for opinion in Opinion.objects.current(application).select_related("body")]


TOLD: dict[Step, tuple[Group, ...]] = {
    Step.OPEN_CONSULTATION: (asked, the_office),
    Step.SUBMIT: (the_office,),
    Step.RETURN: (applicant,),
    Step.RESUBMIT: (the_office,),
    Step.ACCEPT: (applicant,),
    Step.BEGIN_SCREENING: (applicant,),
    Step.RETURN_FROM_SCREENING: (applicant,),
    Step.RESUBMIT_TO_SCREENING: (the_office,),
    Step.PROPOSE_SIMPLE: (applicant, deciders, members),
    Step.BEGIN_COORDINATION: (applicant, concerned),
    Step.BACK_TO_SCREENING: (applicant,),
    Step.SCHEDULE_MEETING: (applicant, members, concerned, deciders),
    Step.CLOSE_DELIBERATION: (applicant, the_office),
    Step.DEFER: (applicant, the_office),
    Step.TAKE_OFF_AGENDA: (applicant, members, concerned, deciders),
    Step.REQUEST_APPROVAL: (deciders, applicant),
    Step.REQUEST_MEETING: (applicant, the_office, deciders),
    Step.SEND_BACK_TO_MEETING: (applicant, the_office),
    Step.APPROVE: (applicant, the_office, concerned),
    Step.REJECT: (applicant, the_office, concerned),
    Step.ISSUE_NOTICE: (applicant, concerned),
    Step.FILE: (applicant,),
    Step.WITHDRAW: (the_office, concerned),
}

# Said once, with the meeting and the reason, by `invitations.fell_through`.
SAID_BY_THE_MEETING = frozenset({Step.TAKE_OFF_AGENDA})


def told_of(step: Step, application: Application, before: State) -> list[str]:
    """Who is told of a step. Of what is taken back: who had it before them, and of unit and street the other one."""
    boxes = [box for group in TOLD[step] for box in group(application)]
    if step is not Step.WITHDRAW:
        return boxes
    drafted = applicant(application) if application.prepared_by_id else []
    if application.consulted_at is None:  # nobody else knows of a draft
        return drafted
    had_it = [*members(application), *deciders(application)] if before in BEFORE_COMMITTEE else []
    return [*boxes, *had_it, *drafted]


@spoken_in_chinese
def announce(application: Application, step: Step, *, before: State, at: datetime) -> None:
    """Write what must be told to whom: one message, a delivery for each inbox and each e-mail address behind it."""
    to = told_of(step, application, before)
    if step in SAID_BY_THE_MEETING or not to:
        return
    tell(
        application,
        kind=f"admission.{step.value}",
        title=_("%(title)s：%(step)s") % {"title": application, "step": step.label},
        body=_("现在的状态是“%(state)s”。") % {"state": application.state_label},
        to=to,
        dedupe=f"admission:{application.pk}:{application.version + 1}:{step.value}",
        at=at,
    )


def tell(
    application: Application, *, kind: str, title: str, body: str, to: Iterable[str], dedupe: str, at: datetime
) -> None:
    """One message about an application to some inboxes and to everybody who follows it and may still read it."""
    boxes = {*to, *followers(application)}
    _put(application, kind=kind, title=title, body=body, boxes=boxes, dedupe=dedupe, at=at)


def _put(
    application: Application, *, kind: str, title: str, body: str, boxes: set[str], dedupe: str, at: datetime
) -> None:
    emails = emails_of(boxes, on=acts.legal_day(at))
    outbox.put(
        kind=kind,
        county=application.county.code,
        subject=application,
        title=title,
        body=body,
        url=reverse("admission:application", args=[application.pk]),
        to=[outbox.Recipient(box, emails.get(box, [])) for box in sorted(boxes)],
        dedupe=dedupe,
        at=at,
    )


def followers(application: Application) -> list[str]:
    """The posts that follow it. A member unit that stands in for nobody reads only what is before the committee
    (`visible_to`); whoever else may read a case may read it to its end."""
    boxes = application.watches.values_list("inbox", flat=True)
    if application.state in BEFORE_COMMITTEE:
        return list(boxes)
    return [box for box in boxes if box.partition(":")[0] not in MEMBERS or box in the_office(application)]


@spoken_in_chinese
def answered_for(opinions: Sequence[Opinion], *, at: datetime) -> None:
    """Communities are told what their street answered for them, and that their own word replaces it (A-4).

    One answer of one street in one round, and nobody else's business: who only follows the application is not told.
    """
    if not opinions:
        return
    first = opinions[0]
    application, said = first.round.application, [_("答复：%s。") % first.get_stance_display()]
    words = (
        (_("意见"), first.points),
        (_("建议怎样改"), first.suggested_change),
        (_("可投入的人和时间"), first.capacity),
    )
    said += [_("%(label)s：%(text)s") % {"label": label, "text": text} for label, text in words if text]
    said.append(_("征询结束以前，本社区可以自己答复；自己答复以后，以本社区的答复为准。"))
    said.append(_("各单位都答复以后，征询随时可能结束，请尽快看。"))
    _put(
        application,
        kind="admission.answered_for",
        title=_("%(title)s：%(street)s代本社区作了答复") % {"title": application, "street": first.on_behalf_by},
        body="\n".join(said),
        boxes={of_body(row.body) for row in opinions},
        dedupe=f"answered_for:{first.pk}",
        at=at,
    )


@spoken_in_chinese
def remind(deadline: Deadline, *, mark: int, left: int, at: datetime) -> None:
    """A reminder before, on or after the due date to whom the clock waits for; once for each mark and due date."""
    application = deadline.application
    when = _("还有 %s 个工作日") % left if left > 0 else _("今天到期") if left == 0 else _("已超 %s 个工作日") % -left
    tell(
        application,
        kind="admission.reminder",
        title=_("%(title)s：%(clock)s%(when)s")
        % {"title": application, "clock": deadline.get_clock_display(), "when": when},
        body=_("最晚 %s。") % zh_day(deadline.due_on),
        to=waited_for(deadline),
        dedupe=f"reminder:{deadline.pk}:{deadline.due_on}:{mark}",
        at=at,
    )


@spoken_in_chinese
def urge(application: Application, *, to: Iterable[str], due_on: date | None, dedupe: str, at: datetime) -> None:
    """The office asks those it waits for to get on with it."""
    until = _("最晚 %s。") % zh_day(due_on) if due_on else ""
    tell(
        application,
        kind="admission.urge",
        title=_("催办：%s") % application,
        body=_("审核委员会办公室请您尽快办理。") + until,
        to=to,
        dedupe=dedupe,
        at=at,
    )


def silent(application: Application, on: date) -> list[str]:
    """Whom it waits for outside the committee: bodies that have not answered or acknowledged, a unit that corrects
    or that is to withdraw what could have no effect any more."""
    rows = Opinion.objects.unanswered().filter(round__application=application).select_related("body")
    boxes = {of_body(opinion.body) for opinion in rows}
    blocked = application.state == State.APPROVED and bool(without_effect([application], on))
    if application.state == State.RETURNED or blocked:
        boxes |= set(applicant(application))
    receipts = NoticeReceipt.objects.open().filter(notice__application=application)
    boxes |= {of_receipt(row) for row in receipts.select_related("body", "unit__street")}
    return sorted(boxes)


def waited_for(deadline: Deadline) -> list[str]:
    """Who the clock waits for."""
    application = deadline.application
    match deadline.clock:
        case "consultation":
            silent = Opinion.objects.current(application).select_related("body")
            return [of_body(opinion.body) for opinion in silent if opinion.answered_at is None]
        case "correction":
            return applicant(application)
        case "acknowledgement":
            receipts = application.notice.receipts.open().select_related("body", "unit__street")
            return [of_receipt(row) for row in receipts]
        case "decision" if application.state == "awaiting_approval":
            return deciders(application)
        case _:
            return the_office(application)
