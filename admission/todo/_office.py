"""What waits for the committee office, or for the unit that stands in for it: the steps from acceptance to filing."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from admission.deadlines import Clock
from admission.models import AgendaItem, Application, CoordinationContact, Deadline, Opinion
from admission.presentation.facts import Facts
from admission.procedure import State, Step
from admission.todo._line import address, line, page, step
from base.todo import TodoLine
from communities.roles import Actor, Role


class Desk:
    """What the office has to know of its applications: `Facts`, what was said, whom it has talked to."""

    def __init__(self, rows: list[Application], *, on: date) -> None:
        self.facts = Facts(rows, on=on)
        standing = Opinion.objects.standing_in([row for row in rows if row.state == State.SCREENING])
        self.said = Counter(standing.values_list("round__application", "stance"))
        contacts = CoordinationContact.objects.with_others().filter(coordination__application__in=rows)
        self.talked = set(contacts.values_list("coordination__application", flat=True))

    def clock(self, application: Application, kind: Clock) -> Deadline | None:
        """This clock, while it runs or stands still."""
        return self.facts.clocks[application.pk].get(kind)

    def stances(self, application: Application) -> str:
        """What streets and communities say, in words."""
        counts = {stance: self.said[(application.pk, stance)] for stance in [*Opinion.Stance.values, ""]}
        parts = [
            _("有异议 %s 个") % counts[Opinion.Stance.OBJECTION] if counts[Opinion.Stance.OBJECTION] else "",
            _("有条件同意 %s 个") % counts[Opinion.Stance.CONDITIONAL] if counts[Opinion.Stance.CONDITIONAL] else "",
            _("未答复 %s 个") % counts[""] if counts[""] else "",
        ]
        return _("、").join(filter(None, parts)) or _("征询没有异议")


def lines(actor: Actor, today: date) -> list[TodoLine]:
    """The office's turn in each of its applications (A-9: the substitute's where the office is recused)."""
    rows = list(
        Application.objects.visible_to(actor)
        .filter(office_unit_id__in=actor.units, office_recused=actor.role is Role.MEMBER, state__in=TURNS)
        .select_related("applicant", "office_unit")
    )
    desk = Desk(rows, on=today)
    return [found for row in rows if (found := TURNS[State(row.state)](row, desk))]


def _turn(application: Application, act: str, *, said: str, button: str, url: str, clock: Deadline | None) -> TodoLine:
    return line(application, act, what=f"{application.applicant} · {said}", button=button, url=url, clock=clock)


def _submitted(application: Application, desk: Desk) -> TodoLine:
    return _turn(
        application,
        Step.ACCEPT,
        said=_("材料已提交，等您受理或者退回补正"),
        button=_("受理"),
        url=page(application),
        clock=desk.clock(application, Clock.ACCEPTANCE),
    )


def _accepted(application: Application, desk: Desk) -> TodoLine:
    return _turn(
        application,
        Step.BEGIN_SCREENING,
        said=_("已受理"),
        button=_("开始初审"),
        url=step(application, Step.BEGIN_SCREENING),
        clock=desk.clock(application, Clock.DECISION),
    )


def _screening(application: Application, desk: Desk) -> TodoLine:
    return _turn(
        application,
        Step.BEGIN_COORDINATION,
        said=desk.stances(application),
        button=_("初审"),
        url=page(application),
        clock=desk.clock(application, Clock.DECISION),
    )


def _coordination(application: Application, desk: Desk) -> TodoLine:
    points = desk.facts.points.get(application.pk, 0)
    if points:
        act, said, button = "coordinate", _("还有 %s 个争议点没有处理结果") % points, _("登记协调")
    elif application.pk not in desk.talked:
        act, said, button = "coordinate", _("还没有登记与有关部门沟通的情况"), _("登记沟通")
    else:
        act, said, button = Step.SCHEDULE_MEETING, _("争议点都有了处理结果"), _("提请会议")
    url = step(application, Step.SCHEDULE_MEETING) if act == Step.SCHEDULE_MEETING else _coordinating(application)
    clock = desk.clock(application, Clock.DECISION)
    return _turn(application, act, said=said, button=button, url=url, clock=clock)


def _coordinating(application: Application) -> str:
    return f"{page(application)}#coordination"


def _deferred(application: Application, desk: Desk) -> TodoLine:
    heard = desk.facts.heard.get(application.pk)
    held = heard is None or not heard.meeting.fell_through
    return _turn(
        application,
        Step.SCHEDULE_MEETING,
        said=_("会议暂缓，可以再次提请") if held else _("会议没有开成，可以再次提请"),
        button=_("再次上会"),
        url=step(application, Step.SCHEDULE_MEETING),
        clock=desk.clock(application, Clock.DECISION),
    )


def _deliberated(application: Application, desk: Desk) -> TodoLine | None:
    """Its turn once the applicant has answered everything that was said at the meeting."""
    facts = desk.facts
    if facts.unanswered.get(application.pk, 0) or facts.without_response.get(application.pk, 0):
        return None
    heard, frozen = facts.heard[application.pk], facts.frozen.get(application.pk)
    if heard.conclusion == AgendaItem.Conclusion.ADMIT_AMENDED and not (frozen and frozen > heard.meeting.closed_at):
        return None
    return _turn(
        application,
        Step.REQUEST_APPROVAL,
        said=_("会议意见都已答复"),
        button=_("提请核准"),
        url=step(application, Step.REQUEST_APPROVAL),
        clock=desk.clock(application, Clock.DECISION),
    )


def _approved(application: Application, desk: Desk) -> TodoLine:
    if why := desk.facts.without_effect.get(application.pk):
        return _turn(
            application,
            "remind_silent",
            said=_("%s，等申请单位撤回本件") % why,
            button=_("催办"),
            url=address("remind", application.pk),
            clock=None,
        )
    return _turn(
        application,
        Step.ISSUE_NOTICE,
        said=_("已核准"),
        button=_("下发告知单"),
        url=step(application, Step.ISSUE_NOTICE),
        clock=None,
    )


def _notice_issued(application: Application, desk: Desk) -> TodoLine:
    left = len(desk.facts.receipts.get(application.pk, []))
    said = _("还有 %s 个单位没有签收告知单") % left if left else _("告知单都已签收")
    return _turn(application, Step.FILE, said=said, button=_("备案"), url=step(application, Step.FILE), clock=None)


TURNS: dict[State, Callable[[Application, Desk], TodoLine | None]] = {
    State.SUBMITTED: _submitted,
    State.ACCEPTED: _accepted,
    State.SCREENING: _screening,
    State.COORDINATION: _coordination,
    State.DEFERRED: _deferred,
    State.DELIBERATED: _deliberated,
    State.APPROVED: _approved,
    State.NOTICE_ISSUED: _notice_issued,
}
