"""What must be true before streets and communities are asked, and before the application is handed in."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from admission import requirements
from admission.deadlines import Clock
from admission.models import Application, DefectNote, Opinion
from admission.procedure import Kind
from base.templatetags.portal import zh_day, zh_month_day


def plan_has_eight_parts(application: Application, _on: date) -> str | None:
    """Art 6: requirements, division, process, milestones; people, money, training, guidance."""
    gaps = requirements.plan_gaps(application, requirements.for_consultation(application))
    return _("实施方案还缺：%s（指导意见第六条）。") % _("、").join(gaps) if gaps else None


def names_what_and_where(application: Application, _on: date) -> str | None:
    """Nobody can be asked about a thing without a name or a place."""
    gaps = [*requirements.title_gaps(application), *requirements.scope_gaps(application)]
    return _("还缺：%s。") % _("、").join(gaps) if gaps else None


def form_is_complete(application: Application, _on: date) -> str | None:
    """Every field marked R in the rulebook's section 11; PR-1 guarantees among them."""
    gaps = requirements.form_gaps(application)
    return _("申请表还缺：%s。") % _("、").join(gaps) if gaps else None


def plan_is_complete(application: Application, _on: date) -> str | None:
    """All parts of the plan that art 2 and art 6 name."""
    gaps = requirements.plan_gaps(application, requirements.for_submission(application))
    return _("实施方案还缺：%s（指导意见第二条、第六条）。") % _("、").join(gaps) if gaps else None


def milestones_within_term(application: Application, _on: date) -> str | None:
    """The milestones lie between the first and the last day of the work (art 6; A-24)."""
    gaps = requirements.milestone_gaps(application)
    return _("时间节点要在起止日期之内（指导意见第六条）：%s。") % _("；").join(gaps) if gaps else None


def term_is_ahead(application: Application, on: date) -> str | None:
    """A term that is over cannot be applied for (A-24); an exit has none."""
    if application.kind == Kind.EXIT or application.ends_on is None or application.ends_on >= on:
        return None
    return _("结束日期（%s）已经过了，请先改结束日期。") % zh_day(application.ends_on)


def contact_made(application: Application, on: date) -> str | None:
    """Art 6: prior communication with the committee office."""
    if any(contact.held_on <= on for contact in application.prior_contacts.all()):
        return None
    return _("提交前要与审核委员会办公室沟通并记录（指导意见第六条）。")


def department_endorsed(application: Application, _on: date) -> str | None:
    """A street's draft on behalf of a department is submitted only after the department endorsed it."""
    if application.prepared_by_id and application.endorsed_at is None:
        return _("街道代办的申请，要等申请单位认可后才能提交。")
    return None


def streets_answered_or_time_is_up(application: Application, on: date) -> str | None:
    """T3: every target street has answered, or its reply time has run out (silence is recorded, never agreement).

    A street that applies for its own territory is not asked: its communities are waited for instead.
    """
    asked = list(Opinion.objects.current(application).select_related("body"))
    streets = [opinion for opinion in asked if opinion.body.kind in requirements.STREET_KINDS]
    silent = [opinion.body.name for opinion in streets or asked if opinion.answered_at is None]
    clock = application.deadlines.filter(clock=Clock.CONSULTATION).order_by("-pk").first()
    if not silent or clock is None or (clock.due_on is not None and clock.due_on < on):
        return None
    said = _("还差 %(count)s 个街道（镇）的意见：%(names)s。全部答复，或者 %(day)s 期满以后，才能提交。")
    if not streets:
        said = _("还差 %(count)s 个社区的意见：%(names)s。全部答复，或者 %(day)s 期满以后，才能提交。")
    return said % {
        "count": len(silent),
        "names": _("、").join(silent),
        "day": zh_month_day(clock.due_on),
    }


def plan_put_to_bodies(application: Application, _on: date) -> str | None:
    """A version under way, of the plan or of what the form says to the bodies, is put to them or declared untouched."""
    if application.plans.filter(frozen_at__isnull=True).exists() and not application.revision_untouched_reason:
        return _("征询以后又改了申请表或者方案：请重新发出征询，或者说明修改不涉及街道和社区的工作。")
    return None


def no_version_under_way(application: Application, _on: date) -> str | None:
    """What is heard and decided is what was put to somebody: no version of the plan is half done (art 6, 8(三))."""
    if application.plans.filter(frozen_at__isnull=True).exists():
        return _("申请单位正在改方案，新的一版还没有送出：请申请单位先送出这一版，或者改回原样。")
    return None


def defects_answered(application: Application, on: date) -> str | None:
    """T5: what the office asked for has been mended; form and plan are whole, and the prior contact stands (art 6)."""
    rules = (contact_made, form_is_complete, plan_is_complete, milestones_within_term)
    return next((said for rule in rules if (said := rule(application, on))), None)


def returned_from_screening(applications: Iterable[Application]) -> set[int]:
    """The keys of those whose newest return came out of screening: a case goes back to where it came from (T5, T5b)."""
    notes = DefectNote.objects.filter(application__in=[application.pk for application in applications])
    newest = notes.order_by("application", "-pk").distinct("application")
    return {note.application_id for note in newest if note.from_screening}
