"""The administrator's tables: what acts have written is shown, never edited; the calendar goes through its acts."""

from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse

from base import numbering
from base.admin import ShownOnly
from base.models import CalendarYear, Event, Holiday, Outbox, User
from base.outbox import Recipient, put
from tests.factories import NOW, TODAY, HolidayFactory, UserFactory

pytestmark = pytest.mark.django_db
SHOWN = sorted(
    (model for model, shown in admin.site._registry.items() if isinstance(shown, ShownOnly)),
    key=lambda model: model.__name__,
)


@pytest.fixture
def client(client):
    client.force_login(UserFactory.create(username="admin", is_staff=True, is_superuser=True))
    return client


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model.__name__)
def test_what_acts_have_written_is_only_shown(client, model):
    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "add")).status_code == 403


@pytest.mark.parametrize("model", [Event, Outbox, User, Holiday, CalendarYear], ids=lambda model: model.__name__)
def test_every_table_has_its_page(client, model):
    assert client.get(address(model, "changelist")).status_code == 200


def test_a_line_of_the_log_is_neither_changed_nor_deleted(client):
    client.post(address(Holiday, "add"), {"date": "2026-10-01", "name": "国庆节", "source": "通知"})
    line = Event.objects.get()
    assert client.get(address(Event, "change", line.pk)).status_code == 200
    assert client.post(address(Event, "change", line.pk), {"kind": "x"}).status_code == 403
    assert client.post(address(Event, "delete", line.pk), {"post": "yes"}).status_code == 403


def test_a_day_entered_here_leaves_a_line(client):
    client.post(address(Holiday, "add"), {"date": "2026-10-01", "name": "国庆节", "source": "通知"})
    assert not Holiday.objects.calendar().is_workday(date(2026, 10, 1))
    event = Event.objects.get()
    assert (event.kind, event.by_label, event.by_role) == ("base.holiday.set", "平台 · 平台管理员", "admin")


def test_a_day_without_a_source_is_refused_at_its_field(client):
    answer = client.post(address(Holiday, "add"), {"date": "2026-10-01", "name": "国庆节", "source": ""})
    assert "source" in answer.context["adminform"].form.errors
    assert not Holiday.objects.exists()


def test_a_day_is_corrected_and_cleared_with_lines(client):
    day = HolidayFactory.create()
    client.post(address(Holiday, "change", day.pk), {"is_workday": "on", "name": "更正", "source": "通知"})
    assert Holiday.objects.get().is_workday
    client.post(address(Holiday, "delete", day.pk), {"post": "yes"})
    assert not Holiday.objects.exists()
    assert list(Event.objects.order_by("seq").values_list("kind", flat=True)) == [
        "base.holiday.set",
        "base.holiday.cleared",
    ]


def test_a_year_is_published_here_with_a_line(client):
    client.post(address(CalendarYear, "add"), {"year": "2027", "source": "通知", "published_on": "2026-11-20"})
    assert CalendarYear.objects.get().year == 2027
    assert Event.objects.get().kind == "base.calendaryear.published"
    assert client.post(address(CalendarYear, "delete", 2027), {"post": "yes"}).status_code == 403


def test_an_account_is_closed_not_deleted(client):
    other = UserFactory.create()
    assert client.post(address(User, "delete", other.pk), {"post": "yes"}).status_code == 403
    answer = client.post(address(User, "change", other.pk), {"username": other.username, "display_name": "区民政局"})
    assert answer.status_code == 302
    other.refresh_from_db()
    assert (other.is_active, other.display_name) == (False, "区民政局")


def test_an_account_is_made_with_a_password_that_holds(client):
    weak = {"username": "new", "usable_password": "true", "password1": "12345", "password2": "12345"}
    assert "password2" in client.post(address(User, "add"), weak).context["adminform"].form.errors
    client.post(address(User, "add"), weak | dict.fromkeys(("password1", "password2"), "long enough for all"))
    assert User.objects.get(username="new").check_password("long enough for all")


def test_failed_letters_are_queued_again_from_the_list(client):
    number = numbering.next_number("430211", "filing", wording="准备〔{year}〕{n}号", on=TODAY, at=NOW)
    put(
        kind="test", county="430211", subject=number, title="题目", body="", url="", dedupe="1", at=NOW,
        to=[Recipient("office:3", ["a@example.gov.cn", "b@example.gov.cn"])],
    )  # fmt: skip
    failed, waiting = Outbox.objects.filter(channel="email").order_by("pk")
    Outbox.objects.filter(pk=failed.pk).update(state="failed", attempts=8)
    answer = client.post(
        address(Outbox, "changelist"), {"action": "try_again", "_selected_action": [failed.pk, waiting.pk]}, follow=True
    )
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == ("queued", 0)
    assert "只有投递失败的邮件才能重新投递。" in answer.content.decode()
