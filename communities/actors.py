"""Who acts on a request, under which appointment; and whose e-mail stands behind a post."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Left
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from base.errors import NotAllowed
from communities.models import Appointment, Division
from communities.roles import BY_UNIT, COUNTY, Actor, inbox

CHOSEN = "appointment"
MADE_UNDER = "made_under"
"""The hidden field of a form that says which of several posts it was made under (communities.web.made_under)."""


@dataclass(frozen=True)
class Standing:
    """The valid appointments of a signed-in person today, and the one they work under."""

    appointments: tuple[Appointment, ...] = ()
    current: Appointment | None = None

    @cached_property
    def actor(self) -> Actor | None:
        """The actor of the appointment they work under."""
        return self.current.actor() if self.current else None

    @property
    def county_name(self) -> str:
        """The county's (city's, province's) name of the appointment, for the head of the page."""
        return getattr(self.current, "county_name", None) or ""


def standing_of(request: HttpRequest) -> Standing:
    """One query, once for each request: an appointment that ended yesterday no longer counts today."""
    cached: Standing | None = getattr(request, "standing", None)
    if cached is None:
        cached = _standing(request)
        request.standing = cached  # type: ignore[attr-defined]
        request.carried = _carried(cached)  # type: ignore[attr-defined]
    return cached


def actor_of(request: HttpRequest) -> Actor | None:
    """The actor of this request, None for a visitor and for an account without a valid appointment."""
    return standing_of(request).actor


@contextmanager
def under(request: HttpRequest, post: Appointment) -> Iterator[None]:
    """The request as it would be under another of one's own posts; the post one works under stays."""
    now = standing_of(request)
    request.standing = replace(now, current=post)  # type: ignore[attr-defined]
    request.carried = _carried(request.standing)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        request.standing, request.carried = now, _carried(now)  # type: ignore[attr-defined]


def choose(request: HttpRequest, appointment: str) -> Actor:
    """Work under another appointment of one's own from now on."""
    standing = standing_of(request)
    for row in standing.appointments:
        if str(row.pk) == appointment:
            request.session[CHOSEN] = row.pk
            del request.standing  # type: ignore[attr-defined]
            return row.actor()
    raise NotAllowed(_("您选的任职已经到期，或者不是您的任职。请在页面右上角重新选择。"))


class ActorMixin:
    """For class-based views of signed-in people: `self.actor`."""

    request: HttpRequest

    @cached_property
    def actor(self) -> Actor:
        """The actor of this request; an account without a valid appointment is told whom to ask."""
        actor = actor_of(self.request)
        if actor is None:
            raise NotAllowed(_("您的账号没有有效的任职，请联系平台管理员。"))
        return actor


def emails_of(inboxes: Iterable[str], *, on: date) -> dict[str, list[str]]:
    """The addresses of those who hold these posts on a day, for each inbox ("street:430211001", "applicant:17")."""
    wanted: dict[str, list[str]] = {text: [] for text in inboxes}
    if not wanted:
        return {}
    keys = [text.partition(":")[::2] for text in wanted]
    units = {key for role, key in keys if role in BY_UNIT}
    codes = {key for role, key in keys if role not in BY_UNIT}
    posts = Q(unit__in=units, role__in=BY_UNIT) | (Q(division__code__in=codes) & ~Q(role__in=BY_UNIT))
    held = Appointment.objects.valid(on).filter(posts, user__is_active=True).exclude(user__email="")
    rows = held.order_by("user__email").values_list("role", "division__code", "unit_id", "user__email").distinct()
    for role, code, unit_id, email in rows:
        if (box := inbox(role, code, unit_id)) in wanted:
            wanted[box].append(email)
    return wanted


def _carried(standing: Standing) -> dict[str, int]:
    """What every form of a page carries (the tag `csrf`); nothing where there is no other post to switch to."""
    several = standing.current is not None and len(standing.appointments) > 1
    return {MADE_UNDER: standing.current.pk} if several and standing.current else {}


def _standing(request: HttpRequest) -> Standing:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Standing()
    county = Division.objects.filter(code=Left(OuterRef("division__code"), COUNTY))
    rows = tuple(
        Appointment.objects.valid(timezone.localdate())
        .filter(user=user)
        .acting()
        .annotate(county_name=Subquery(county.values("name")[:1]))
        .order_by("starts_on", "pk")
    )
    chosen = request.session.get(CHOSEN)
    return Standing(rows, next((row for row in rows if row.pk == chosen), rows[0] if rows else None))
