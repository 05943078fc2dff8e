"""Who may make and publish editions, file and answer (rulebook section 3). Rows are scoped by `visible_to`.

Items that enter or leave with a notice are admission's: its own table has asked before it calls `worklists.actions`.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from base.errors import NotAllowed
from communities.roles import APPLICANTS, COUNTY, DECIDERS, Actor, Role
from worklists.models import SupervisionCase, UnapprovedReport

SUPERVISORS = frozenset({Role.CITY, Role.AUDITOR})


class Act(StrEnum):
    """The acts of this app that ask who somebody is and over which place they act."""

    DRAFT_EDITION = "draft_edition"
    PUBLISH_EDITION = "publish_edition"
    ACKNOWLEDGE_FILING = "acknowledge_filing"
    COMMENT_FILING = "comment_filing"
    REPORT_WORK = "report_work"
    REFUSE_WORK = "refuse_work"
    CORRECT_ITEM = "correct_item"
    CHECK_WORK = "check_work"
    OPEN_SUPERVISION = "open_supervision"
    ANSWER_SUPERVISION = "answer_supervision"
    CLOSE_SUPERVISION = "close_supervision"


def drafts_for(actor: Actor, owner: str) -> bool:
    """The county's office for its county, the city's organs for the city."""
    role = Role.OFFICE if len(owner) == COUNTY else Role.CITY
    return actor.role is role and actor.code == owner


def decides_for(actor: Actor, owner: str) -> bool:
    """Director or deputy for their county, the city's organs for the city."""
    if len(owner) == COUNTY:
        return actor.role in DECIDERS and actor.code == owner
    return actor.role is Role.CITY and actor.code == owner


def office_of(actor: Actor, county: str) -> bool:
    """The committee's office of this county."""
    return actor.role is Role.OFFICE and actor.code == county


def receives(actor: Actor, county: str) -> bool:
    """A street or a community of this county: those who are handed the work."""
    return actor.role in {Role.STREET, Role.COMMUNITY} and actor.county == county


def follows_a_list(actor: Actor, code: str) -> bool:
    """Whoever works in a county, a street or a community."""
    return len(actor.code) >= COUNTY and actor.code == code


def supervises(actor: Actor, code: str) -> bool:
    """The city's organs and the auditors, of their own accord, in their territory (art 12)."""
    return actor.role in SUPERVISORS and actor.covers(code)


def is_supervised(actor: Actor, case: SupervisionCase) -> bool:
    """The unit that is supervised, or its successor, in whichever post it is late: as applicant, as the committee's
    office, as the member unit that stands in for it; a street for its own office."""
    return actor.role in {*APPLICANTS, Role.OFFICE, Role.MEMBER} and case.unit_id in actor.units


def opened(actor: Actor, case: SupervisionCase) -> bool:
    """The post that opened the case: the office, the unit that stood in for it, the city's organs, the auditors."""
    if actor.role != case.opened_role:
        return False
    return case.opened_unit_id in actor.units if actor.role is Role.MEMBER else actor.code == case.opened_code


WHO_MAY: dict[Act, tuple[Callable[[Actor, Any], bool], Promise]] = {
    Act.DRAFT_EDITION: (
        drafts_for,
        lazy("清单草案由审核委员会办公室起草，市级指导清单由市级起草。请换到相应的任职再办。"),
    ),
    Act.PUBLISH_EDITION: (
        decides_for,
        lazy("清单由审核委员会主任或副主任审定公布，市级指导清单由市级公布。请报主任或副主任审定。"),
    ),
    Act.ACKNOWLEDGE_FILING: (office_of, lazy("完成和退出备案由审核委员会办公室收讫。请换到办公室的任职再办。")),
    Act.COMMENT_FILING: (receives, lazy("备案意见由承接过这一事项的街道（乡镇）和社区填写。")),
    Act.CORRECT_ITEM: (
        office_of,
        lazy("清单上的记录由本区县审核委员会办公室更正；市级指导清单有误的，由市级公布新的一版。"),
    ),
    Act.CHECK_WORK: (follows_a_list, lazy("查一查按本区县、本街道（乡镇）、本社区的清单判断。请换到相应的任职再查。")),
    Act.REFUSE_WORK: (receives, lazy("拒绝告知书由街道（乡镇）或社区出具。请换到街道（乡镇）或社区的任职再办。")),
    Act.OPEN_SUPERVISION: (
        supervises,
        lazy("自行立督办件的是市级督办和审计；审核委员会办公室从未经准入工作的报告立件。请换到相应的任职再办。"),
    ),
    Act.ANSWER_SUPERVISION: (is_supervised, lazy("督办件由被督办的单位答复。请换到那个单位的任职再办。")),
    Act.CLOSE_SUPERVISION: (opened, lazy("督办件由立件的单位催办和办结。请换到立件时的任职再办。")),
    Act.REPORT_WORK: (receives, lazy("未经准入的工作由街道（乡镇）或社区报告。请换到街道（乡镇）或社区的任职再办。")),
}
"""About a place, by its code; the last acts of a supervision case about the case."""


def may(actor: Actor | None, act: Act, about: str | SupervisionCase) -> bool:
    """Whether a page offers the act for this place or case."""
    return actor is not None and WHO_MAY[act][0](actor, about)


def check(actor: Actor, act: Act, about: str | SupervisionCase) -> None:
    """Refuse with the reason when this actor may not do this for this place or case."""
    rule, reason = WHO_MAY[act]
    if not rule(actor, about):
        raise NotAllowed(str(reason))


def handles(actor: Actor, report: UnapprovedReport) -> bool:
    """The office of the county; the unit that stands in for it where its own host asked for the work (A-9), or its
    successor."""
    if report.substitute_id is None:
        return office_of(actor, report.county.code)
    return actor.role is Role.MEMBER and report.substitute_id in actor.units


def check_handles(actor: Actor, report: UnapprovedReport) -> None:
    """Refuse with the reason when somebody else handles this report."""
    if handles(actor, report):
        return
    if report.substitute_id is not None:
        raise NotAllowed(_("交办的是办公室所在单位，办公室回避，报告由代行单位办理。"))
    raise NotAllowed(_("报告由审核委员会办公室办理。请换到办公室的任职再办。"))


def speaks_for(actor: Actor, department_id: int | None, acting_for: set[int]) -> bool:
    """The original department of an item, or the unit that succeeded it (art 10); a street for its own office."""
    return actor.role in {Role.APPLICANT, Role.STREET} and department_id is not None and department_id in acting_for
