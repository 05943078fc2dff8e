"""Who may change places, units, posts and settings (rulebook section 3). Rows: `visible_to` on the models."""

from collections.abc import Callable
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.errors import NotAllowed
from communities.roles import Actor, Role


class Act(StrEnum):
    """The acts of this app."""

    CREATE_DIVISION = "create_division"
    CLOSE_DIVISION = "close_division"
    IMPORT_DIVISIONS = "import_divisions"
    ENROL_COMMUNITIES = "enrol_communities"
    CREATE_DEPARTMENT = "create_department"
    CLOSE_DEPARTMENT = "close_department"
    ADD_ALIAS = "add_alias"
    HOST_OFFICE = "host_office"
    RECORD_FACTS = "record_facts"
    APPOINT = "appoint"
    END_APPOINTMENT = "end_appointment"
    KEEP_ACCOUNTS = "keep_accounts"
    SET_COUNTY_SETTING = "set_county_setting"


def administers(actor: Actor, code: str) -> bool:
    """The administrator of the territory, or the platform itself (its commands; an external system has a territory)."""
    if actor.role is Role.SYSTEM:
        return actor.code == ""
    return actor.role is Role.ADMIN and actor.covers(code)


def keeps_facts(actor: Actor, code: str) -> bool:
    """The street over the community, or the office of its county."""
    return actor.role in {Role.STREET, Role.OFFICE} and actor.covers(code)


def runs_county(actor: Actor, code: str) -> bool:
    """The office of this very county, or its administrator."""
    return (actor.role is Role.OFFICE and actor.code == code) or administers(actor, code)


ADMIN_ONLY = _("这件事由平台管理员在自己的辖区内办理。请联系平台管理员。")
WHO_MAY: dict[Act, tuple[Callable[[Actor, str], bool], Promise]] = {
    Act.CREATE_DIVISION: (administers, ADMIN_ONLY),
    Act.CLOSE_DIVISION: (administers, ADMIN_ONLY),
    Act.IMPORT_DIVISIONS: (administers, ADMIN_ONLY),
    Act.ENROL_COMMUNITIES: (administers, ADMIN_ONLY),
    Act.CREATE_DEPARTMENT: (administers, ADMIN_ONLY),
    Act.CLOSE_DEPARTMENT: (administers, ADMIN_ONLY),
    Act.ADD_ALIAS: (administers, ADMIN_ONLY),
    Act.HOST_OFFICE: (administers, ADMIN_ONLY),
    Act.RECORD_FACTS: (keeps_facts, _("社区情况由所在街道（乡镇）或审核委员会办公室填写。请联系所在街道（乡镇）。")),
    Act.APPOINT: (administers, ADMIN_ONLY),
    Act.END_APPOINTMENT: (administers, ADMIN_ONLY),
    Act.KEEP_ACCOUNTS: (administers, ADMIN_ONLY),
    Act.SET_COUNTY_SETTING: (runs_county, _("本区设置由审核委员会办公室或平台管理员修改。请联系审核委员会办公室。")),
}


def may(actor: Actor | None, act: Act, code: str) -> bool:
    """Whether a page offers the act on this place."""
    return actor is not None and WHO_MAY[act][0](actor, code)


def check(actor: Actor, act: Act, code: str) -> None:
    """Refuse with the reason when this actor may not do this to this place."""
    rule, reason = WHO_MAY[act]
    if not rule(actor, code):
        raise NotAllowed(str(reason))
