"""The demo county is what it promises, whenever it is made: by day, at midnight, on a Saturday, in a long holiday."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection, transaction
from django.utils import timezone

from admission.deadlines import SPANS, Clock
from admission.models import (
    AgendaItem,
    Application,
    Deadline,
    Meeting,
    MeetingOpinion,
    Opinion,
    OpinionResponse,
    WorkNotice,
)
from admission.procedure import DECIDED, Kind, Procedure, State
from base import events
from base.models import Event, Holiday, Outbox, User
from communities.models import Appointment, Community, Department
from communities.roles import Actor, Role
from config.demo_county.build import build
from config.demo_county.cast import ACCOUNTS, PASSWORD
from config.home import SOURCES
from worklists.kinds import APPLIES
from worklists.models import ItemVersion, SupervisionCase

ZONE = ZoneInfo("Asia/Shanghai")
AT_WORK = {"dept", "office", "director", "deputy", "member", "street", "community"}

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo_county")]  # one seeding for all of them


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(datetime(2026, 11, 20, 15, 7, tzinfo=ZONE), id="a Friday afternoon"),
        pytest.param(datetime(2026, 11, 21, 0, 5, tzinfo=ZONE), id="midnight, Saturday", marks=pytest.mark.slow),
        pytest.param(datetime(2026, 10, 5, 23, 55, tzinfo=ZONE), id="late in a holiday", marks=pytest.mark.slow),
    ],
)  # fmt: skip
def now(request, django_db_setup, django_db_blocker) -> Iterator[datetime]:
    """The moment at which the county was made; it is gone when the module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        build(now=request.param)
        yield request.param
        transaction.set_rollback(True)


@pytest.fixture
def today(now) -> date:
    return timezone.localtime(now).date()


def test_every_state_of_every_kind_occurs(now):
    found = set(Application.objects.values_list("state", "kind").distinct())
    assert found == set(product(State.values, Kind.values))


def test_both_procedures_lead_to_a_decision(now):
    decided = Application.objects.filter(state__in=DECIDED)
    assert set(decided.values_list("procedure", flat=True)) == set(Procedure.values)


def test_a_clock_is_overdue_and_one_stands_still(now, today):
    late = Deadline.objects.overdue(today).exclude(clock__in=SPANS)
    assert {Clock.ACCEPTANCE, Clock.CONSULTATION} <= set(late.values_list("clock", flat=True))
    still = {row.clock for row in Deadline.objects.filter(stopped_on=None) if row.standing_still}
    assert still == {Clock.ACCEPTANCE, Clock.DECISION}  # returned before acceptance, and from the screening


def test_all_who_may_file_have_filed(now):
    """A department, a coordinating body, a street for itself, a street for a department, the host of the office."""
    filed = Application.objects.exclude(state=State.DRAFT)
    kinds = set(filed.filter(prepared_by=None).values_list("applicant__kind", flat=True))
    assert kinds == set(Department.Kind.values)
    assert Application.objects.filter(prepared_by__isnull=False, endorsed_at=None).exists()
    assert filed.filter(prepared_by__kind=Department.Kind.STREET_OFFICE, endorsed_at__isnull=False).exists()
    recused = filed.filter(office_recused=True, state=State.FILED)
    assert [row.office_unit.short_name for row in recused.select_related("office_unit")] == ["组织部"]


def test_streets_answer_for_their_communities_and_some_object_or_say_nothing(now, today):
    assert Opinion.objects.filter(on_behalf_by__isnull=False).exists()
    assert Opinion.objects.filter(stance=Opinion.Stance.OBJECTION).exists()
    assert Opinion.objects.unanswered().filter(round__due_on__lt=today).exists()


def test_every_audit_chain_verifies(now):
    assert events.verify_all() == []
    assert {"", "4302", "430211"} <= set(events.chains())


def test_nothing_dangles(now):
    """The whole is rolled back here; what a commit would check is checked now."""
    connection.check_constraints()


def test_the_year_is_full_of_acts(now, today):
    days = {timezone.localtime(at).date() for at in Event.objects.values_list("at", flat=True)}
    assert today - min(days) >= timedelta(days=365)
    quarters = {(today - day).days // 91 for day in days}
    assert quarters >= {0, 1, 2, 3}
    decided = Application.objects.filter(decision__isnull=False).values_list("decision__decided_on", flat=True)
    assert max(decided) - min(decided) > timedelta(days=250)


def test_no_act_is_in_the_future_or_outside_working_days(now):
    calendar = Holiday.objects.calendar()
    moments = [timezone.localtime(at) for at in Event.objects.values_list("at", flat=True)]
    assert max(moments) <= now
    assert [at for at in moments if not calendar.is_workday(at.date())] == []
    assert [at for at in moments if not 9 <= at.hour < 18] == []
    assert not Outbox.objects.filter(sent_at__gt=now).exists()


def test_meetings_are_held_on_working_days_and_one_is_ahead(now):
    calendar = Holiday.objects.calendar()
    planned = [timezone.localtime(at) for at in Meeting.objects.values_list("planned_at", flat=True)]
    assert [at for at in planned if not calendar.is_workday(at.date())] == []
    assert max(planned) > now
    assert not Meeting.objects.filter(planned_at__gt=now).exclude(state=Meeting.State.PLANNED).exists()


def test_what_is_put_before_a_meeting_on_one_day_shares_the_meeting(now):
    planned = list(Meeting.objects.values_list("planned_at", flat=True))
    assert len(planned) == len(set(planned))


def test_no_objection_reaches_the_committee_without_a_response(now):
    reached = Application.objects.filter(procedure="ordinary", state__in=[State.AWAITING_APPROVAL, *DECIDED])
    assert reached
    assert not Opinion.objects.to_respond(reached)


def test_no_answer_says_its_own_heading_again(now):
    for row in OpinionResponse.objects.all():
        assert not row.reason.startswith(row.get_fate_display())
    for said in MeetingOpinion.objects.exclude(fate=""):
        assert not said.answer.startswith(said.get_fate_display())
    for item in AgendaItem.objects.exclude(conclusion=""):
        assert not item.conclusion_text.startswith(item.get_conclusion_display()[:2])


def test_an_exit_is_no_standing_work(now):
    for row in Application.objects.filter(kind=Kind.EXIT).exclude(state=State.DRAFT):
        assert not row.is_standing
        assert "带路" not in row.plans.first().community_does
        assert row.plans.first().money_amount is None


def test_an_account_for_each_role_is_named_for_it(now):
    accounts = User.objects.in_bulk(field_name="username")
    assert sorted(accounts) == sorted(name for name, *_post in ACCOUNTS)
    assert all(check_password(PASSWORD, account.password) for account in accounts.values())
    assert {account.email.rpartition("@")[2] for account in accounts.values()} == {"example.invalid"}


def test_every_role_that_acts_finds_something_to_do(now, today):
    posts = Appointment.objects.select_related("user", "division", "unit")
    busy = {post.user.username for post in posts if any(source(post.actor(), today) for source in SOURCES)}
    assert busy >= AT_WORK


def test_an_applicant_sees_its_own_and_nothing_of_others(now):
    unit = Department.objects.get(short_name="应急局")
    seen = Application.objects.visible_to(Actor(None, None, Role.APPLICANT, "430211", unit.pk, unit.name))
    assert seen
    assert {row.applicant_id for row in seen} == {unit.pk}


def standing(notice: WorkNotice, on: date) -> set[str]:
    """The communities on whose list this notice stands on a day, by asking each community's list."""
    communities = Community.objects.select_related("division")
    return {
        community.division.code
        for community in communities
        if ItemVersion.objects.for_community(community.division.code, community.kind, on=on)
        .filter(notice_number=notice.number)
        .exists()
    }


def concerned(application: Application) -> set[str]:
    """The same from the form alone: every community inside a place of the scope, of the kind it applies to."""
    places = tuple(application.scope.values_list("code", flat=True))
    communities = Community.objects.values_list("division__code", "kind")
    return {code for code, kind in communities if code.startswith(places) and application.applies_to in APPLIES[kind]}


def test_what_was_approved_stands_on_the_lists_of_its_communities_from_its_first_day(now):
    notices = WorkNotice.objects.exclude(application__kind=Kind.EXIT).select_related("application")
    assert len(notices) >= 8
    for notice in notices:
        assert standing(notice, notice.starts_on) == concerned(notice.application) != set()
        assert standing(notice, notice.starts_on - timedelta(days=1)) == set()


def test_what_was_ended_stands_on_no_list_from_that_day(now):
    notices = WorkNotice.objects.filter(application__kind=Kind.EXIT)
    assert len(notices) >= 2
    for notice in notices:
        mine = ItemVersion.objects.known().filter(item=notice.application.item)
        assert mine.in_force(notice.starts_on - timedelta(days=1)).exists()
        assert not mine.in_force(notice.starts_on).exists()


def test_nothing_approved_without_a_notice_stands_anywhere(now):
    waiting = Application.objects.filter(state=State.APPROVED, kind__in=[Kind.ADMISSION, Kind.CONFIRMATION])
    assert waiting
    assert not ItemVersion.objects.filter(title__in=waiting.values("title")).exists()


def test_every_community_has_a_list_today(now, today):
    communities = Community.objects.select_related("division")
    assert len(communities) == 100
    bare = [
        str(community)
        for community in communities
        if not ItemVersion.objects.for_community(community.division.code, community.kind, on=today).exists()
    ]
    assert bare == []


def test_one_supervision_case_is_answered_and_one_closed(now):
    cases = SupervisionCase.objects.order_by("opened_at")
    assert [(case.state, case.report.state) for case in cases] == [("closed", "stopped"), ("answered", "supervised")]
