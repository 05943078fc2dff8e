"""What must be true after the meeting, for the approval and for the refusal."""

from datetime import date

from django.utils.translation import gettext as _

from admission.deadlines import Clock
from admission.models import AgendaItem, Application, MeetingOpinion, Opinion
from admission.procedure import Procedure
from base.templatetags.portal import zh_month_day


def newest_agenda_item(application: Application) -> AgendaItem | None:
    """The last time it was put before a meeting."""
    return application.agenda_items.select_related("meeting").order_by("-pk").first()


def heard_and_concluded(application: Application, _on: date) -> str | None:
    """T11, T13: the applicant's report was given and the chair concluded, with the reason for all but a plain yes."""
    heard = newest_agenda_item(application)
    return unconcluded(heard) if heard else _("“%s”还没有写专题汇报和会议结论。") % application


def unconcluded(heard: AgendaItem) -> str | None:
    """What the record of one item still needs before the minutes are closed."""
    if not heard.report or not heard.conclusion:
        return _("“%s”还没有写专题汇报和会议结论。") % heard.application
    if heard.conclusion != AgendaItem.Conclusion.ADMIT and not heard.conclusion_text:
        words = {"what": heard.application, "conclusion": heard.get_conclusion_display()}
        return _("“%(what)s”的会议结论是“%(conclusion)s”，还没有写理由或者条件。") % words
    return None


def meeting_deferred_it(application: Application, _on: date) -> str | None:
    """T13: the chair concluded to defer."""
    heard = newest_agenda_item(application)
    return None if heard and heard.conclusion == AgendaItem.Conclusion.DEFER else _("会议没有作出暂缓的结论。")


def meeting_opinions_answered(application: Application, _on: date) -> str | None:
    """T12, A-33: each meeting opinion is answered: adopted, partly, or not, with the reason."""
    left = MeetingOpinion.objects.filter(agenda_item__application=application, answered_at__isnull=True).count()
    return _("会议意见还有 %s 条没有答复，由申请单位逐条答复（指导意见第八条第三项）。") % left if left else None


def opinions_responded_to(application: Application, _on: date) -> str | None:
    """Field 35, art 8(三): each condition and objection of the consultation has the applicant's word on it (A-33)."""
    left = Opinion.objects.to_respond([application]).count()
    return _("征询中的不同意见还有 %s 条没有说明采纳情况，由申请单位逐条说明。") % left if left else None


def revised_plan_attached(application: Application, _on: date) -> str | None:
    """T12: where the meeting agreed subject to changes, a plan version newer than the meeting is on file."""
    heard = newest_agenda_item(application)
    if heard is None or heard.conclusion != AgendaItem.Conclusion.ADMIT_AMENDED:
        return None
    if application.plans.filter(frozen_at__gt=heard.meeting.closed_at).exists():
        return None
    return _("会议结论是修改后同意，申请单位还没有提交修改后的方案。")


def members_may_still_object(application: Application, on: date) -> str | None:
    """A-2: members may ask for a meeting within the window only."""
    clock = application.deadlines.filter(clock=Clock.MEMBER_OBJECTION, stopped_on__isnull=True).first()
    if clock and clock.due_on and on <= clock.due_on:
        return None
    return _("成员单位要求开会的期限已经过了。")


def members_window_over(application: Application, on: date) -> str | None:
    """A-2: a simple case is decided after the members' window."""
    clock = application.deadlines.filter(clock=Clock.MEMBER_OBJECTION, stopped_on__isnull=True).first()
    if clock is None or clock.due_on is None or on > clock.due_on:
        return None
    return _("成员单位可以在 %s 前要求开会，期满以后才能核准。") % zh_month_day(clock.due_on)


def _against(application: Application, conclusions: set[str]) -> bool:
    heard = newest_agenda_item(application)
    return heard is not None and heard.conclusion in conclusions


def meeting_did_not_refuse(application: Application, _on: date) -> str | None:
    """A-34: the chair's conclusion binds; it can only be sent back to a meeting."""
    if application.procedure == Procedure.ORDINARY and _against(application, {AgendaItem.Conclusion.REFUSE}):
        return _("会议结论是不同意，不能准予；如有不同看法，请退回会议再议。")
    return None


def meeting_did_not_agree(application: Application, _on: date) -> str | None:
    """A-34, the other way round."""
    agreed = {AgendaItem.Conclusion.ADMIT, AgendaItem.Conclusion.ADMIT_AMENDED}
    if application.procedure == Procedure.ORDINARY and _against(application, {str(one) for one in agreed}):
        return _("会议结论是同意，不能不予；如有不同看法，请退回会议再议。")
    return None
