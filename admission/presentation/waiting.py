"""Who an application waits for, in one sentence: the same words for a page and a list, in a fixed number of queries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from admission.deadlines import Clock
from admission.models import AgendaItem, Application, Meeting
from admission.presentation.facts import Facts
from admission.procedure import Procedure, State
from base import acts
from base.templatetags.portal import zh_month_day
from communities.roles import Actor

MOST_NAMES = 3


@dataclass(frozen=True)
class Waiting:
    """The sentence that heads the page; the few words of a column; a second sentence where there is more to say."""

    sentence: str
    whom: str
    text: str = ""


def joined(names: Sequence[str], *, most: int = MOST_NAMES) -> str:
    """A few names, or the first of them and how many there are."""
    if len(names) <= most:
        return _("、").join(names)
    return _("%(names)s等 %(count)s 个单位") % {"names": _("、").join(names[: most - 1]), "count": len(names)}


def waiting(
    applications: Sequence[Application], *, on: date, reader: Actor | None = None
) -> tuple[dict[int, Waiting], Facts]:
    """For each application who it waits for; needs applicant, prepared_by and office_unit loaded.

    `reader` is who looks: their own unit is 您 to them, in sentences and columns; in a file everybody has a name.
    """
    facts = Facts(applications, on=on, reader=reader)
    return {row.pk: _beside_clock(row, SAYS[State(row.state)](row, facts), facts) for row in applications}, facts


def _beside_clock(application: Application, said: Waiting, facts: Facts) -> Waiting:
    """A column names who is late with the clock that it stands beside: silence need not stop the applicant, but it is
    not the applicant who has not answered."""
    due = facts.due(application)
    if due is None or due.clock != Clock.CONSULTATION or due.due_on is None or due.due_on >= facts.on:
        return said
    silent, communities = facts.silent_bodies.get(application.pk, []), facts.silent_others.get(application.pk, 0)
    whom = joined(silent) if silent else _("%s 个社区") % communities if communities else said.whom
    return replace(said, whom=whom)


# --- one function for each state -----------------------------------------------------------------------------
Says = Callable[[Application, Facts], Waiting]


def _draft(application: Application, facts: Facts) -> Waiting:
    if application.prepared_by and application.endorsed_at is None:
        return Waiting(
            _("等%(street)s起草、%(unit)s认可")
            % {"street": facts.unit(application.prepared_by), "unit": facts.unit(application.applicant)},
            joined([facts.unit(application.prepared_by), facts.unit(application.applicant)]),
        )
    return Waiting(_("等%s填好申请，发出征询") % facts.unit(application.applicant), facts.unit(application.applicant))


def _communities_silent(application: Application, facts: Facts) -> str:
    count = facts.silent_others.get(application.pk, 0)
    return _("另有 %s 个社区没有答复。") % count if count else ""


def _pre_consultation(application: Application, facts: Facts) -> Waiting:
    also = _communities_silent(application, facts)
    if asked := facts.asked_bodies.get(application.pk):
        return Waiting(_("等%s书面答复") % joined(asked), joined(asked), _expired(application, facts) + also)
    if facts.silent_bodies.get(application.pk):
        said = _expired(application, facts)
        return Waiting(
            _("征询期满，等%s提交申请") % facts.unit(application.applicant),
            facts.unit(application.applicant),
            said + also,
        )
    if application.pk in facts.revising and not application.revision_untouched_reason:
        said = _("方案有了新的修改，等%s再次征询，或者说明不涉及街道和社区")
        return Waiting(said % facts.unit(application.applicant), facts.unit(application.applicant), also)
    streets = application.pk in facts.with_streets
    said = _("街道都已答复，等%s提交申请") if streets else _("社区都已答复，等%s提交申请")
    return Waiting(said % facts.unit(application.applicant), facts.unit(application.applicant), also)


def _expired(application: Application, facts: Facts) -> str:
    """The streets whose time ran out, the communities where no street was asked."""
    asked = facts.asked_bodies.get(application.pk, [])
    late = [name for name in facts.silent_bodies.get(application.pk, []) if name not in asked]
    if not late:
        return ""
    return _("%s期满没有答复，已记录：不算同意，不能走简易程序，不影响往下办。") % joined(late)


def _submitted(application: Application, facts: Facts) -> Waiting:
    return Waiting(_("等%s受理") % facts.office(application), _office(application, facts))


def _returned(application: Application, facts: Facts) -> Waiting:
    screened = application.pk in facts.from_screening
    text = _("核准时限停着，补正后提交接着算。") if screened else _("受理时限停着，补正后提交接着算。")
    return Waiting(_("等%s补正") % facts.unit(application.applicant), facts.unit(application.applicant), text)


def _accepted(application: Application, facts: Facts) -> Waiting:
    return Waiting(_("已受理，等%s开始初审") % facts.office(application), _office(application, facts))


def _screening(application: Application, facts: Facts) -> Waiting:
    return Waiting(_("等%s初审") % facts.office(application), _office(application, facts))


def _coordination(application: Application, facts: Facts) -> Waiting:
    points = facts.points.get(application.pk, 0)
    if asked := facts.asked_bodies.get(application.pk):
        left = _("还有 %s 个争议点没有处理结果。") % points if points else ""
        return Waiting(_("等%s书面答复") % joined(asked), joined(asked), left + _expired(application, facts))
    if points:
        sentence = _("等%(office)s协调 %(count)s 个争议点") % {
            "office": facts.office(application),
            "count": points,
        }
        return Waiting(sentence, _office(application, facts), _expired(application, facts))
    if application.pk in facts.revising:
        return _revising(application, facts)
    office = _office(application, facts)
    if application.pk not in facts.talked_of:
        text = _("沟通情况登记以后，才能提请会议审议（指导意见第八条第二项）。")
        return Waiting(_("等%s与有关部门沟通并登记") % facts.office(application), office, text)
    if application.pk in facts.points:
        return Waiting(_("争议点都有了结果，等%s提请会议审议") % facts.office(application), office)
    return Waiting(_("没有争议点，等%s提请会议审议") % facts.office(application), office)


def _revising(application: Application, facts: Facts) -> Waiting:
    text = _("新的一版方案送出以后（或者改回原样），才能往下办。")
    return Waiting(
        _("等%s送出修改后的方案") % facts.unit(application.applicant), facts.unit(application.applicant), text
    )


def _meeting_scheduled(application: Application, facts: Facts) -> Waiting:
    meeting = facts.heard[application.pk].meeting
    if meeting.state == Meeting.State.HELD:
        return Waiting(_("%s已开，等主持人定会议纪要") % meeting, meeting.get_chair_display())
    held_on = acts.legal_day(meeting.planned_at)
    if held_on < facts.on:
        return Waiting(_("%s开过了，等办公室记录") % meeting, _office(application, facts))
    text = _("%(day)s，%(place)s。") % {"day": zh_month_day(held_on), "place": meeting.place}
    return Waiting(_("等%s审议") % meeting, str(meeting), text)


def _deliberated(application: Application, facts: Facts) -> Waiting:
    left = facts.unanswered.get(application.pk, 0)
    if left:
        sentence = _("等%(unit)s答复 %(count)s 条会议意见") % {
            "unit": facts.unit(application.applicant),
            "count": left,
        }
        return Waiting(sentence, facts.unit(application.applicant))
    if unsaid := facts.without_response.get(application.pk, 0):
        names = {"unit": facts.unit(application.applicant), "count": unsaid}
        return Waiting(_("等%(unit)s说明 %(count)s 条不同意见的采纳情况") % names, facts.unit(application.applicant))
    if application.pk in facts.revising:
        return _revising(application, facts)
    heard, frozen = facts.heard[application.pk], facts.frozen.get(application.pk)
    closed_at = heard.meeting.closed_at
    amended = heard.conclusion == AgendaItem.Conclusion.ADMIT_AMENDED
    if amended and closed_at and (frozen is None or frozen <= closed_at):
        return Waiting(_("等%s提交修改后的方案") % facts.unit(application.applicant), facts.unit(application.applicant))
    return Waiting(_("会议意见都已答复，等%s提请核准") % facts.office(application), _office(application, facts))


def _deferred(application: Application, facts: Facts) -> Waiting:
    if application.pk in facts.revising:
        return _revising(application, facts)
    heard, text = facts.heard.get(application.pk), ""
    if heard and heard.meeting.fell_through:
        said = {"meeting": heard.meeting, "state": heard.meeting.get_state_display(), "why": heard.meeting.reason}
        text = _("%(meeting)s%(state)s：%(why)s") % said
    return Waiting(_("等%s再次提请会议审议") % facts.office(application), _office(application, facts), text)


def _withdrawal(application: Application, facts: Facts, why: str) -> Waiting:
    return Waiting(
        _("等%s撤回本件") % facts.unit(application.applicant),
        facts.unit(application.applicant),
        _("%s。") % why,
    )


def _awaiting_approval(application: Application, facts: Facts) -> Waiting:
    if why := facts.without_effect.get(application.pk):
        return _withdrawal(application, facts, why)
    whom = _("审核委员会主任或副主任")
    until = facts.running_until(application, Clock.MEMBER_OBJECTION)
    if application.procedure == Procedure.SIMPLE and until:
        text = _("成员单位最晚 %s 可以要求开会，期满以后核准。") % zh_month_day(until)
        return Waiting(_("等成员单位意见，期满以后核准"), _("成员单位"), text)
    return Waiting(_("等%s核准") % whom, whom)


def _approved(application: Application, facts: Facts) -> Waiting:
    if why := facts.without_effect.get(application.pk):
        return _withdrawal(application, facts, why)
    return Waiting(
        _("%(state)s，等%(office)s下发工作告知单")
        % {"state": application.state_label, "office": facts.office(application)},
        _office(application, facts),
    )


def _notice_issued(application: Application, facts: Facts) -> Waiting:
    names = facts.receipts.get(application.pk, [])
    if names:
        return Waiting(_("等%s签收工作告知单") % joined(names), joined(names))
    return Waiting(_("告知单都已签收，等%s备案") % facts.office(application), _office(application, facts))


def _closed(application: Application, facts: Facts) -> Waiting:
    return Waiting(_("%s，本件办结") % application.state_label, "")


def _rejected(application: Application, facts: Facts) -> Waiting:
    text = _("没有核准的事项，不得交给社区办理（指导意见第四条）。")
    return Waiting(_("%s，本件办结") % application.state_label, "", text)


def _office(application: Application, facts: Facts) -> str:
    name = facts.office(application)
    return _("%s（代行）") % name if application.office_recused else name


SAYS: dict[State, Says] = {
    State.DRAFT: _draft,
    State.PRE_CONSULTATION: _pre_consultation,
    State.SUBMITTED: _submitted,
    State.RETURNED: _returned,
    State.ACCEPTED: _accepted,
    State.SCREENING: _screening,
    State.COORDINATION: _coordination,
    State.MEETING_SCHEDULED: _meeting_scheduled,
    State.DELIBERATED: _deliberated,
    State.DEFERRED: _deferred,
    State.AWAITING_APPROVAL: _awaiting_approval,
    State.APPROVED: _approved,
    State.REJECTED: _rejected,
    State.NOTICE_ISSUED: _notice_issued,
    State.FILED: _closed,
    State.WITHDRAWN: _closed,
}
