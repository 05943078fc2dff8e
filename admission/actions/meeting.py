"""Meetings of member units: the record, the minutes, the answers to what was said (art 8(三); T11-T13)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop

from admission import access
from admission.actions._revision import fix_revision
from admission.actions._take import record, take
from admission.actions.attendance import Came, attend, quorum_gap, receive
from admission.actions.consultation import dispute
from admission.models import AgendaItem, Application, Meeting, MeetingOpinion
from admission.models.consultation import Fate
from admission.procedure import AFTER_MEETING, Procedure, State, Step
from base import acts, events
from base.errors import NotAllowed, RuleViolation
from base.sentences import sentence
from communities.roles import Actor

MINUTES_BEHIND = lazy(
    "纪要起草以后，主持、出席或者审议的记录又改过：请办公室在“接着记录”里按现在的记录重新起草，或者确认纪要仍然符合，再定稿。"
)

KEPT_BY_OTHERS = lazy("由审核委员会办公室记录会议；议程上有办公室所在单位的申请时，由代行单位记录。")
CLOSED_BY_CHAIR = lazy("会议纪要由主持人定稿；议程上有主持人本单位的申请时，由另一位主任或副主任定稿。")


@dataclass(frozen=True)
class Heard:
    """What happened on one item of the agenda. `opinions`: [{"speaker": ..., "text": ...}]."""

    agenda_item: AgendaItem
    report: str
    conclusion: str
    conclusion_text: str
    opinions: Sequence[Mapping[str, str]]


def note(meeting: Meeting, act: str, *, says: str, by: Actor, data: dict[str, Any] | None = None) -> None:
    """The audit line of an act on a locked meeting."""
    events.record(
        f"admission.meeting.{act}",
        target=meeting,
        by=by,
        at=meeting.changed_at,
        chain=meeting.county.code,
        data={"version": meeting.version + 1, "says": says, **(data or {})},
        audience=[meeting.county.code],
    )


def record_meeting(
    meeting: Meeting,
    *,
    by: Actor,
    at: datetime,
    present: Came,
    heard: Sequence[Heard],
    minutes: str,
    others: str = "",
    minutes_fit: bool = False,
    chair: str = "",
    authorisation: str = "",
    seen: int | None = None,
) -> Meeting:
    """The office writes down who came (as `Came`, `others` in words), what was said, and the draft minutes.

    `chair`: who really chaired, as in `plan_meeting`; empty where it was as planned.
    May be repeated until the minutes are closed. Minutes whose words stay as they were are still those of the earlier
    record, unless `minutes_fit`: who records it has read them and finds that they fit the record as it is now.
    """
    with acts.locked(meeting, at=at, seen=seen) as locked:
        if not access.keeps(by, locked):
            raise NotAllowed(str(KEPT_BY_OTHERS))
        if said := why_over(locked):
            raise RuleViolation(said)
        if locked.planned_at > locked.changed_at:
            raise RuleViolation(_("会议还没有开，不能记录。"))
        preside(locked, by=by, chair=chair, authorisation=authorisation)
        rewritten = minutes.split() != locked.minutes.split()
        locked.state, locked.minutes = Meeting.State.HELD, minutes
        attend(locked, present)
        receive(locked, present, others)
        for item in heard:
            _record_item(locked, item)
        if not minutes:
            locked.minutes_from = ""
        elif rewritten or minutes_fit or not locked.minutes_from:
            locked.minutes_from = fingerprint(locked)
        note(locked, "record", says=gettext_noop("记录会议"), by=by)
    return locked


def preside(meeting: Meeting, *, by: Actor, chair: str, authorisation: str) -> bool:
    """Who chairs a locked meeting, another one than before, with its audit line: the minutes are theirs to close."""
    authorisation = authorisation if chair == Meeting.Chair.OFFICE else ""
    if not chair or (chair == meeting.chair and authorisation in {"", meeting.authorisation}):
        return False
    if said := why_not_chaired(chair, authorisation):
        raise RuleViolation(said)
    heard = meeting.agenda.exclude(application__state=State.WITHDRAWN)
    if chair == Meeting.Chair.OFFICE and heard.filter(application__office_recused=True).exists():
        raise RuleViolation(_("议程上有办公室回避的申请，不能由办公室主持审议，请选主任或副主任。"))
    before, after = Meeting.Chair(meeting.chair), Meeting.Chair(chair)
    meeting.chair, meeting.authorisation = after, authorisation
    says = sentence(gettext_noop("主持人由%(before)s改为%(after)s"), before=before.label, after=after.label)
    data = {"before": before, "chair": after, "authorisation": meeting.authorisation}
    note(meeting, "chair", says=says, by=by, data=data)
    return True


def why_not_chaired(chair: str, authorisation: str) -> str:
    """A-6: the office chairs under a recorded authority only; empty where it may be so."""
    if chair == Meeting.Chair.OFFICE and not authorisation:
        return _("办公室主持会议要写明授权依据（指导意见第八条第三项）。")
    return ""


def why_over(meeting: Meeting) -> str:
    """Why nothing more can be done with it; empty while something can."""
    if meeting.state == Meeting.State.CLOSED:
        return _("会议纪要已经定稿，不能再改。")
    return _("这次会议%s，不用再办。") % meeting.get_state_display() if meeting.fell_through else ""


def fingerprint(meeting: Meeting) -> str:
    """A short mark of who chaired and came, what was reported, said, concluded: another one once any of it changes."""
    came = sorted(meeting.attendances.values_list("unit", "present", "represented_by"))
    items = [
        [item.pk, item.report, item.conclusion, item.conclusion_text]
        + [[said.speaker, said.text] for said in sorted(item.opinions.all(), key=lambda said: said.pk)]
        for item in meeting.agenda.prefetch_related("opinions").order_by("seq")
    ]
    guests = [
        list(row) for row in meeting.guests.order_by("pk").values_list("unit", "body", "present", "represented_by")
    ]
    beside = [guests, meeting.others] if guests or meeting.others else []  # nobody wrote them down before
    return hashlib.sha256(json.dumps([meeting.chair, came, items, *beside], ensure_ascii=False).encode()).hexdigest()


def minutes_behind(meeting: Meeting) -> bool:
    """Was the record changed after the minutes had been written from it?"""
    return bool(meeting.minutes and meeting.minutes_from) and meeting.minutes_from != fingerprint(meeting)


def _record_item(meeting: Meeting, heard: Heard) -> None:
    item = meeting.agenda.select_for_update().get(pk=heard.agenda_item.pk)
    item.report, item.conclusion, item.conclusion_text = heard.report, heard.conclusion, heard.conclusion_text
    item.save()
    item.opinions.all().delete()
    MeetingOpinion.objects.bulk_create(
        MeetingOpinion(agenda_item=item, speaker=said["speaker"], text=said["text"]) for said in heard.opinions
    )


def close_minutes(meeting: Meeting, *, by: Actor, at: datetime, seen: int | None = None) -> Meeting:
    """T11, T13: the chair closes the minutes; every item on the agenda is deliberated, or deferred with its reason.

    What its applicant has withdrawn meanwhile stays on the agenda, and is concluded no more.
    """
    with acts.locked(meeting, at=at, seen=seen) as locked:
        _may_close(locked, by)
        if gap := quorum_gap(locked):
            raise RuleViolation(gap)
        if minutes_behind(locked):
            raise RuleViolation(str(MINUTES_BEHIND))
        locked.state, locked.closed_at, locked.closed_by = Meeting.State.CLOSED, locked.changed_at, by.label
        for item in waiting_items(locked):
            _conclude(item, by=by, at=locked.changed_at)
        note(locked, "close_minutes", says=gettext_noop("会议纪要定稿"), by=by)
    return locked


def waiting_items(meeting: Meeting) -> list[AgendaItem]:
    """What of its agenda still waits to be heard, in order: without what was withdrawn."""
    rows = meeting.agenda.filter(application__state=State.MEETING_SCHEDULED)
    return list(rows.select_related("application").order_by("seq"))


def _may_close(meeting: Meeting, by: Actor) -> None:
    if not access.chairs(by, meeting):
        raise NotAllowed(str(CLOSED_BY_CHAIR))
    if meeting.state != Meeting.State.HELD or not meeting.minutes:
        raise RuleViolation(_("会议还没有记录，或者纪要已经定稿。"))


def _conclude(item: AgendaItem, *, by: Actor, at: datetime) -> None:
    with take(item.application, Step.CLOSE_DELIBERATION, by=by, at=at, details={"conclusion": item.conclusion}):
        pass
    if item.conclusion == AgendaItem.Conclusion.DEFER:
        with take(item.application, Step.DEFER, by=by, at=at, details={"reason": item.conclusion_text}):
            pass


def answer_meeting_opinion(
    opinion: MeetingOpinion, *, by: Actor, at: datetime, fate: str, answer: str
) -> MeetingOpinion:
    """T12: the applicant answers each opinion: adopted, partly, or not, with the reason (A-33)."""
    with acts.locked(opinion.agenda_item.application, at=at) as locked:
        if not access.applicant(by, locked):
            raise NotAllowed(_("会议意见由申请单位答复。"))
        if locked.state not in AFTER_MEETING:
            raise RuleViolation(_("本件现在是“%s”，不能答复会议意见。") % locked.state_label)
        row = MeetingOpinion.objects.select_for_update().get(pk=opinion.pk)
        if row.answered_at is not None:
            raise RuleViolation(_("这条意见已经答复过了。"))
        row.fate, row.answer, row.answered_at = fate, answer, locked.changed_at
        row.save()
        says = sentence(gettext_noop("答复会议意见（%(who)s）：%(fate)s"), who=row.speaker, fate=Fate(fate).label)
        record(locked, "answer_meeting_opinion", says=says, by=by)
    return row


def attach_revised_plan(application: Application, *, by: Actor, at: datetime, seen: int | None = None) -> Application:
    """T12, T13: the plan as revised for the approval, or for the next meeting, is fixed as a new version."""
    with acts.locked(application, at=at, seen=seen) as locked:
        if not access.applicant(by, locked):
            raise NotAllowed(_("修改后的方案由申请单位提交。"))
        if locked.state not in AFTER_MEETING:
            raise RuleViolation(_("本件现在是“%s”，不能提交修改后的方案。") % locked.state_label)
        if not locked.plans.filter(frozen_at__isnull=True).exists():
            raise RuleViolation(_("方案没有新的修改。"))
        plan = fix_revision(locked)
        says = sentence(gettext_noop("提交第 %(plan)s 版方案（会后修改）"), plan=plan.number)
        record(locked, "attach_revised_plan", says=says, by=by, data={"plan": plan.number})
    return locked


def request_approval(application: Application, *, by: Actor, at: datetime, seen: int | None = None) -> Application:
    """T12: the case goes to the committee's director or deputy."""
    with take(application, Step.REQUEST_APPROVAL, by=by, at=at, seen=seen) as locked:
        pass
    return locked


def request_meeting(
    application: Application, *, by: Actor, at: datetime, reason: str, seen: int | None = None
) -> Application:
    """A-2: within its window a member unit asks for a meeting; the case becomes ordinary."""
    with take(application, Step.REQUEST_MEETING, by=by, at=at, seen=seen, details={"reason": reason}) as locked:
        locked.stricter_reason = gettext_noop("%(unit)s要求开会审议：%(reason)s") % {
            "unit": by.unit_name,
            "reason": reason,
        }
        locked.procedure = Procedure.ORDINARY
        dispute(locked, [])
    return locked
