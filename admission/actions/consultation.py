"""Asking streets and communities, and their answers (S2-P4 art 6, 7; T2)."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop

from admission import access, notifications, requirements
from admission.actions import _clocks
from admission.actions._prefill import restate
from admission.actions._revision import fix_revision, freeze_plan
from admission.actions._take import record, take
from admission.conditions import NotYet
from admission.conditions.listed import alone_about_its_item
from admission.deadlines import Clock
from admission.models import (
    Application,
    ConsultationRound,
    Coordination,
    DisputedPoint,
    ImplementationPlan,
    Opinion,
    OpinionResponse,
)
from admission.models.consultation import LAST_WORD, Fate
from admission.procedure import OPEN_FOR_OPINIONS, State, Step
from base import acts
from base.errors import NotAllowed, RuleViolation
from base.sentences import sentence
from communities.models import Division
from communities.roles import STREET, Actor, Role
from worklists.kinds import APPLIES
from worklists.models import ItemVersion, WorkItem

NOTHING_TO_CHANGE = lazy("“无异议”是照方案办、没有别的要求。方案要改的，请选“有条件同意”或者“有异议”。")


def bodies_of(application: Application) -> list[Division]:
    """Every street and community concerned (art 6, 7): the scope's streets and the communities it applies to.

    Of a change or an exit also those on whose list the item stands now: who loses it is asked and told as well. A
    street that applies for itself is left out; its communities and the other streets are asked as always.
    """
    on = acts.legal_day(application.changed_at)
    reaches = [(list(application.scope.values_list("code", flat=True)), application.applies_to)]
    reaches += [
        ([scope.code for scope in version.scopes.all()], version.applies_to)
        for version in versions_from(application, on).prefetch_related("scopes")
    ]
    codes = {code for scope, _applies_to in reaches for code in scope}
    places = reduce(or_, (_inside(scope, applies_to) for scope, applies_to in reaches))
    reached = list(Division.objects.valid(on).filter(places).order_by("code"))
    streets = {division.code[:9] for division in reached} | {code for code in codes if len(code) == 9}  # noqa: PLR2004
    own = application.applicant.street.code if application.applicant.street else ""
    asked = (
        Division.objects.valid(on).filter(kind__in=requirements.STREET_KINDS, code__in=streets - {own}).order_by("code")
    )
    return [*asked, *reached]


def versions_from(application: Application, on: date) -> QuerySet[ItemVersion]:
    """What the item of a change or an exit says from this day on, each version; nothing for a new item."""
    ahead = Q(in_force__endswith__isnull=True) | Q(in_force__endswith__gt=on)
    return ItemVersion.objects.known().filter(ahead, item=application.item_id)


def places_left(application: Application, on: date) -> list[Division]:
    """Where the item is done from this day on, and will be no more: a street that loses it whole, else communities."""
    versions = versions_from(application, on).prefetch_related("scopes")
    before = [_inside([scope.code for scope in row.scopes.all()], row.applies_to) for row in versions]
    after = _inside(list(application.scope.values_list("code", flat=True)), application.applies_to)
    valid = Division.objects.valid(on).order_by("code")
    stay = set(valid.filter(after).values_list("code", flat=True))
    gone = [place for place in valid.filter(reduce(or_, before, Q(pk__in=[]))) if place.code not in stay]
    streets = {place.code[:STREET] for place in gone} - {code[:STREET] for code in stay}
    single = [place for place in gone if place.code[:STREET] not in streets]
    return sorted([*valid.filter(code__in=streets), *single], key=lambda place: place.code)


def _inside(scope: Sequence[str], applies_to: str) -> Q:
    """The communities in these places that the item is meant for."""
    kinds = [kind for kind, fitting in APPLIES.items() if applies_to in fitting]
    return Q(reduce(or_, (Q(code__startswith=code) for code in scope), Q(pk__in=[])), community__kind__in=kinds)


def open_consultation(application: Application, *, by: Actor, at: datetime, seen: int | None = None) -> Application:
    """T2: freeze the plan and ask every target street and community; also from 退回补正 when a new version needs it."""
    with take(application, Step.OPEN_CONSULTATION, by=by, at=at, seen=seen) as locked:
        _lock_item(locked)
        restate(locked)
        locked.consulted_at = locked.consulted_at or locked.changed_at
        bodies = bodies_of(locked)
        if not bodies:
            raise RuleViolation(_("实施范围里没有适用的社区，请检查范围和“适用”一栏。"))
        _open_round(locked, bodies, plan=freeze_plan(locked), whole=True)
    return locked


def _lock_item(application: Application) -> None:
    """Of two that are put to consultation at one moment the second sees the first."""
    if application.item_id is None:
        return
    WorkItem.objects.select_for_update().get(pk=application.item_id)
    if said := alone_about_its_item(application, acts.legal_day(application.changed_at)):
        raise NotYet(said)


def _open_round(
    application: Application, bodies: Sequence[Division], *, plan: ImplementationPlan, whole: bool
) -> ConsultationRound:
    application.revision_untouched_reason = ""
    on = acts.legal_day(application.changed_at)
    running = application.deadlines.filter(clock=Clock.CONSULTATION, stopped_on__isnull=True).first()
    due_on = _clocks.start_anew(application, Clock.CONSULTATION, running, on=on)
    opened = ConsultationRound.objects.create(
        application=application,
        number=application.rounds.count() + 1,
        plan=plan,
        opened_at=application.changed_at,
        due_on=due_on,
        whole=whole,
    )
    Opinion.objects.bulk_create(Opinion(round=opened, body=body) for body in bodies)
    return opened


def reopen_consultation(
    application: Application, *, by: Actor, at: datetime, bodies: Sequence[Division], seen: int | None = None
) -> ConsultationRound:
    """A new plan version goes to the bodies it touches, for an answer in writing (in consultation or coordination).

    Raises RuleViolation when there is no new version, or a body that was never asked.
    """
    with acts.locked(application, at=at, seen=seen) as locked:
        access.check(by, Step.OPEN_CONSULTATION, locked)
        if locked.state not in OPEN_FOR_OPINIONS:
            raise RuleViolation(_("本件现在是“%s”，不能再次征询。") % locked.state_label)
        if not locked.plans.filter(frozen_at__isnull=True).exists():
            raise RuleViolation(_("方案没有新的版本，先修改方案再征询。"))
        known = set(Opinion.objects.current(locked).values_list("body_id", flat=True))
        if not bodies or any(body.pk not in known for body in bodies):
            raise RuleViolation(_("请选择这次修改涉及的街道和社区，只能从原来征询过的单位里选。"))
        opened = _open_round(locked, bodies, plan=fix_revision(locked), whole=False)
        asked = gettext_noop("提交第 %(plan)s 版方案，请 %(count)s 个单位书面答复")
        says = sentence(asked, plan=opened.plan.number, count=len(bodies))
        record(locked, "reopen_consultation", says=says, by=by, data={"round": opened.number})
        notifications.tell(
            locked,
            kind="admission.reopen_consultation",
            title=gettext_noop("%s：方案有修改，请书面答复") % locked,
            body=str(says),
            to=[notifications.of_body(body) for body in bodies],
            dedupe=f"admission:{locked.pk}:round:{opened.number}",
            at=locked.changed_at,
        )
    return opened


def give_opinion(
    opinion: Opinion,
    *,
    by: Actor,
    at: datetime,
    stance: str,
    points: str = "",
    suggested_change: str = "",
    capacity: str = "",
    on_behalf_of: Sequence[Division] = (),
) -> Opinion:
    """A street or community answers once in a round; the answer is frozen.

    `on_behalf_of`: communities of a street for which the street answers the same (A-4); those that answered stay.
    A community answers for itself also where its street has answered for it: its own row is then the one that stands.
    """
    application = opinion.round.application
    with acts.locked(application, at=at) as locked:
        rows = Opinion.objects.select_for_update(of=("self",)).select_related("body", "round", "on_behalf_by")
        row = rows.get(pk=opinion.pk)
        _may_answer(row, locked, by)
        if stance == Opinion.Stance.NO_OBJECTION and suggested_change.strip():
            raise RuleViolation(str(NOTHING_TO_CHANGE))
        said = {"stance": stance, "points": points, "suggested_change": suggested_change, "capacity": capacity}
        others = _represented(row, on_behalf_of, by)
        replaced = row.on_behalf_by
        row = Opinion.objects.create(round=row.round, body=row.body) if replaced else row
        _answer([row], by=by, at=locked.changed_at, said=said)
        _answer(others, by=by, at=locked.changed_at, said=said, street=row.body)
        if locked.state == State.COORDINATION:
            dispute(locked, [row, *others])
        _stop_when_all_have_answered(locked)
        says = sentence(
            gettext_noop("%(body)s答复：%(stance)s%(also)s%(instead)s"),
            body=row.body.name,
            stance=Opinion.Stance(stance).label,
            also=sentence(gettext_noop("（连同 %(count)s 个社区）"), count=len(others)) if others else "",
            instead=sentence(gettext_noop("（代替%(street)s的代答）"), street=replaced) if replaced else "",
        )
        record(locked, "give_opinion", says=says, by=by, data={"stance": stance, "body": row.body.code})
        notifications.answered_for(others, at=locked.changed_at)
    return row


def _stop_when_all_have_answered(application: Application) -> None:
    """Nobody is late once nobody is silent: the clock stops with the last answer."""
    if not Opinion.objects.unanswered().filter(round__application=application).exists():
        clock = application.deadlines.filter(clock=Clock.CONSULTATION, stopped_on__isnull=True).first()
        _clocks.stop(clock, on=acts.legal_day(application.changed_at))


def _may_answer(row: Opinion, application: Application, by: Actor) -> None:
    if not access.asked(by, row):
        raise NotAllowed(_("只能由被征询的街道、社区自己答复。"))
    if application.state not in OPEN_FOR_OPINIONS:
        raise RuleViolation(_("本件现在是“%s”，征询已经结束。") % application.state_label)
    asked = Opinion.objects.concerned().filter(round__application=application, body=row.body)
    newest = asked.order_by(*LAST_WORD).first()
    if newest is None:
        raise RuleViolation(_("实施范围改了，本单位已经不在范围内，不用再答复。"))
    if newest.round_id != row.round_id:
        raise RuleViolation(_("方案有了新的版本，请在新的征询里答复。"))
    if newest.answered_at is not None and newest.on_behalf_by_id is None:
        raise RuleViolation(_("本单位已经答复过了，答复不能修改。"))


def _represented(row: Opinion, communities: Sequence[Division], by: Actor) -> list[Opinion]:
    if not communities:
        return []
    if by.role is not Role.STREET or any(not division.code.startswith(by.code) for division in communities):
        raise NotAllowed(_("街道只能代本街道的社区答复。"))
    rows = Opinion.objects.select_for_update(of=("self",)).select_related("body", "round__application__county")
    rows = rows.filter(round=row.round, body__in=communities)
    return list(rows.filter(answered_at__isnull=True).exclude(pk=row.pk))


def _answer(
    rows: Sequence[Opinion], *, by: Actor, at: datetime, said: dict[str, str], street: Division | None = None
) -> None:
    """The same words in each row, in one statement however many there are."""
    written = {**said, "answered_at": at, "answered_by": by.label, "on_behalf_by": street}
    for row in rows:
        for name, value in written.items():
            setattr(row, name, value)
    Opinion.objects.filter(pk__in=[row.pk for row in rows]).update(**written)


def dispute(application: Application, opinions: Sequence[Opinion]) -> None:
    """Each objection or condition becomes a disputed point (art 8(二)); what a street said for others is one point."""
    coordination, _made = Coordination.objects.get_or_create(
        application=application, defaults={"opened_at": application.changed_at}
    )
    against = {Opinion.Stance.CONDITIONAL, Opinion.Stance.OBJECTION}
    contested = [row for row in opinions if row.stance in against and row.on_behalf_by_id is None]
    DisputedPoint.objects.bulk_create(
        DisputedPoint(coordination=coordination, opinion=row, subject=row.points)
        for row in contested
        if not row.points_disputed.exists()
    )


def respond_to_opinion(
    opinion: Opinion, *, by: Actor, at: datetime, fate: str, reason: str, seen: int | None = None
) -> OpinionResponse:
    """The applicant says what becomes of a condition or an objection, and why (form field 35).

    What a street said for its communities is answered once, to the street.
    """
    with acts.locked(opinion.round.application, at=at, seen=seen) as locked:
        if not access.applicant(by, locked):
            raise NotAllowed(_("由申请单位说明采纳情况。"))
        if locked.is_closed:
            raise RuleViolation(_("本件已经办结。"))
        if opinion.stance not in {Opinion.Stance.CONDITIONAL, Opinion.Stance.OBJECTION}:
            raise RuleViolation(_("只有有条件同意和有异议的意见需要说明采纳情况。"))
        if opinion.on_behalf_by_id is not None:
            raise RuleViolation(_("这条意见由%s代答，在街道的意见下一并说明。") % opinion.on_behalf_by)
        if OpinionResponse.objects.filter(opinion=opinion).exists():
            raise RuleViolation(_("这条意见已经说明过采纳情况。"))
        response = OpinionResponse.objects.create(
            opinion=opinion, fate=fate, reason=reason, responded_at=locked.changed_at, responded_by=by.label
        )
        stated = gettext_noop("说明采纳情况：%(body)s，%(fate)s")
        says = sentence(stated, body=opinion.body.name, fate=Fate(fate).label)
        record(locked, "respond_to_opinion", says=says, by=by)
    return response
