"""What is told of supervision cases, and to whom. Nothing says who reported the work behind one."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from base.acts import legal_day
from base.templatetags.portal import zh_day
from base.text import spoken_in_chinese
from communities.models import Appointment
from communities.roles import Role, inbox
from worklists import departments
from worklists.models import SupervisionCase
from worklists.notifications import days_left, of_unit, office_of, send

State = SupervisionCase.State


def supervised(case: SupervisionCase, at: datetime) -> list[str]:
    """The inboxes of the unit that is supervised, or of its successor: as applicant, and those of its posts on the
    committee and in its office, for it may be late in any of them."""
    unit = departments.now(case.unit, legal_day(at))
    posts = Appointment.objects.valid(legal_day(at)).filter(unit=unit, role__in=[Role.OFFICE, Role.MEMBER])
    return [of_unit(unit), *(inbox(role, "", unit.pk) for role in set(posts.values_list("role", flat=True)))]


def opener(case: SupervisionCase, at: datetime) -> list[str]:
    """The inbox of the post that opened it: it judges the answers and closes."""
    match case.opened_role:
        case Role.OFFICE:
            return office_of(case.county.code, at)
        case Role.MEMBER if case.opened_unit is not None:
            return [inbox(Role.MEMBER, "", departments.now(case.opened_unit, legal_day(at)).pk)]
    return [inbox(case.opened_role, case.opened_code, None)]


def standing_by(case: SupervisionCase, at: datetime) -> list[str]:
    """The county's office, where somebody else opened the case."""
    return [] if case.opened_role == Role.OFFICE else office_of(case.county.code, at)


def waited_for(case: SupervisionCase, at: datetime) -> list[str]:
    """Whom a case waits for: the unit until it has answered, then who opened it; nobody once it is closed."""
    match case.state:
        case State.OPEN:
            return supervised(case, at)
        case State.ANSWERED:
            return opener(case, at)
    return []


@spoken_in_chinese
def opened(case: SupervisionCase, *, at: datetime) -> None:
    """The unit has it to answer, by its day; the county's office knows of it."""
    _send(
        case, "opened", title=_("督办：%s") % case.matter,
        body=_("%(who)s立件督办，最晚 %(day)s 答复。请打开看依据和要求。") % {
            "who": case.opened_by, "day": zh_day(case.due_on),
        },
        to=[*supervised(case, at), *standing_by(case, at)], at=at,
    )  # fmt: skip


@spoken_in_chinese
def answered(case: SupervisionCase, *, at: datetime) -> None:
    """Who opened it judges the answer."""
    _send(
        case, "answered", title=_("督办件已答复：%s") % case.matter,
        body=_("%s已答复，请看过以后办结，或者要求继续整改。") % case.unit.name, to=opener(case, at), at=at,
    )  # fmt: skip


@spoken_in_chinese
def asked_again(case: SupervisionCase, *, why: str, at: datetime) -> None:
    """The answer is not enough: once more, by another day."""
    _send(
        case, "asked_again", title=_("督办件要继续整改：%s") % case.matter,
        body=_("%(why)s 最晚 %(day)s 再答复。") % {"why": why, "day": zh_day(case.due_on)},
        to=supervised(case, at), at=at,
    )  # fmt: skip


@spoken_in_chinese
def closed(case: SupervisionCase, *, at: datetime) -> None:
    """Both sides and the county's office know how it ended."""
    _send(
        case, "closed", title=_("督办件已办结：%(matter)s，%(result)s") % {
            "matter": case.matter, "result": case.get_result_display(),
        },
        body=case.reason, to=[*supervised(case, at), *standing_by(case, at)], at=at,
    )  # fmt: skip


@spoken_in_chinese
def remind(case: SupervisionCase, *, mark: int, left: int, at: datetime) -> None:
    """Before, on or after the last day; once for each mark, day and state."""
    when = days_left(left)
    send(
        case, county=case.county.code, kind="worklists.supervision_reminder",
        title=_("督办件%(state)s，%(when)s：%(matter)s") % {
            "state": case.get_state_display(), "when": when, "matter": case.matter,
        },
        body=_("最晚 %s。") % zh_day(case.due_on), url=reverse("worklists:supervision-case", args=[case.pk]),
        to=waited_for(case, at), dedupe=f"supervision:{case.pk}:{case.state}:{case.due_on}:{mark}", at=at,
    )  # fmt: skip


def _send(case: SupervisionCase, what: str, *, title: str, body: str, to: Iterable[str], at: datetime) -> None:
    send(
        case, county=case.county.code, kind=f"worklists.supervision_{what}", title=title, body=body,
        url=reverse("worklists:supervision-case", args=[case.pk]), to=to,
        dedupe=f"supervision:{case.pk}:{what}:{case.version}", at=at,
    )  # fmt: skip
