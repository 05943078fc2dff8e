"""What must be true for the screening to end, and for the coordination."""

from datetime import date

from django.utils.translation import gettext as _

from admission import requirements
from admission.models import Application, DisputedPoint


def all_agreed(application: Application, on: date) -> str | None:
    """T8s, T9: every addressed street and community answered 无异议 (art 7; silence is not agreement, A-4)."""
    counts = requirements.standing_counts(application, on)
    if counts.only_agreement:
        return None
    return _(
        "简易程序要求全部无异议（指导意见第七条），现在有异议 %(objection)s 个、有条件同意 %(conditional)s 个、"
        "未答复 %(silent)s 个。"
    ) % {"objection": counts.objection, "conditional": counts.conditional, "silent": counts.silent}


def no_meeting_asked_for(application: Application, _on: date) -> str | None:
    """What the office or a member made stricter does not become simple again (A-2)."""
    if application.stricter_reason:
        return _("本件已决定适用普通程序：%s") % application.stricter_reason
    return None


def departments_contacted(application: Application, _on: date) -> str | None:
    """Art 8(二): the office has talked to the departments concerned; the applicant itself is none of them."""
    if application.coordination.contacts.with_others().exists():
        return None
    return _("还没有登记与有关部门沟通的情况（指导意见第八条第二项）。")


def points_handled(application: Application, _on: date) -> str | None:
    """T10: each disputed point has a result and its reason."""
    left = DisputedPoint.objects.filter(coordination__application=application, handled_at__isnull=True).count()
    return _("还有 %s 个争议点没有处理结果。登记后就可以办。") % left if left else None
