"""The committee to read: where its office sits, who stands in, which units have a seat, what is still wanting."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from admission.models import CommitteeSeat
from admission.rules import CountyRules
from communities.models import Appointment, Department, Division
from communities.roles import DECIDERS, Role
from worklists import recusal
from worklists import rules as lists

POSTS = list(CommitteeSeat.Post)


@dataclass(frozen=True)
class Committee:
    """The committee of a county on a day.

    `named`: what the county has set for the stand-in, whether or not it is; `deciders`: how many hold which post.
    """

    host: Department | None
    stand_in: Department | None
    named: str
    seats: list[CommitteeSeat]
    past: list[CommitteeSeat]
    deciders: str
    wanting: list[str]


def committee_of(county: Division, on: date) -> Committee:
    """Seven queries."""
    host = recusal.host_of(county.code, on=on)
    stand_in = recusal.stand_in_of(county.code, on=on)
    named = str(CountyRules(county.code, on).value(lists.Key.SUBSTITUTE_UNIT))
    rows = CommitteeSeat.objects.filter(county=county).select_related("unit__division").order_by("pk")
    rows_by_post = sorted(rows, key=lambda seat: POSTS.index(CommitteeSeat.Post(seat.post)))
    past = [seat for seat in rows_by_post if seat.ends_on is not None and seat.ends_on < on]
    counted = set(CommitteeSeat.objects.valid(on).filter(county=county, post="member").values_list("pk", flat=True))
    seats = [seat for seat in rows_by_post if seat not in past]
    posts = Appointment.objects.valid(on).filter(division=county).filter(
        Q(role=Role.OFFICE, unit=host) | Q(role__in=DECIDERS) | Q(role=Role.MEMBER, unit=stand_in)
    )  # fmt: skip
    held = Counter(Role(role) for role in posts.values_list("role", flat=True))
    wanting = _wanting(set(held), host, stand_in, named, members=len(counted))
    return Committee(host, stand_in, named, seats, past, _deciders(held), wanting)


def _deciders(held: Counter[Role]) -> str:
    """Director and deputies, counted: who they are stands under the appointments."""
    posts = [role for role in (Role.DIRECTOR, Role.DEPUTY) if held[role]]
    return _("，").join(_("%(post)s %(count)s 人") % {"post": role.label, "count": held[role]} for role in posts)


def _wanting(
    held: set[Role], host: Department | None, stand_in: Department | None, named: str, *, members: int
) -> list[str]:
    """What keeps the county from running the whole procedure, in the order in which it is felt. `held`: the posts."""
    found = []
    if host is None:
        found.append(_("还没有设办公室，谁也不能起草申请。请平台管理员点“设办公室”。"))
    elif Role.OFFICE not in held:
        found.append(_("办公室还没有人任职，申请没有人受理。请在“任职”里办“审核委员会办公室经办”。"))
    if stand_in is None:
        found.append(_("代行单位写的是“%s”，本区县没有这个单位；办公室所在单位自己不能申请。请改代行单位。") % named)
    elif Role.MEMBER not in held:
        found.append(
            _("代行单位%s还没有人任职，办公室所在单位的申请没有人受理。请在“任职”里办“成员单位”。") % stand_in.name
        )
    if not members:
        found.append(_("还没有成员单位的席位，会议没有人数可算，不能作出结论。请点“增加席位”。"))
    if not held & DECIDERS:
        found.append(
            _("主任、副主任还没有人任职，申请没有人核准。请在“任职”里办“审核委员会主任”或“审核委员会副主任”。")
        )
    return found
