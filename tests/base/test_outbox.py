"""Messages: rows first; in the portal at once, by e-mail when broker and mail server allow; never lost or doubled."""

import smtplib
import socket
from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction

from base import delivery, outbox, tasks
from base.errors import NotAllowed, RuleViolation
from base.models import Event, Message, Outbox
from base.outbox import Recipient
from communities.roles import Actor, Role
from tests.factories import NOW, UserFactory, actor
from tests.races import at_once

pytestmark = pytest.mark.django_db
STREET = Recipient("street:430211001", ["clerk@example.gov.cn"])
OFFICE = Recipient("office:3", ["office@example.gov.cn", "second@example.gov.cn"])
LATER = NOW + timedelta(minutes=2)


def clerk(code: str = "430211001") -> Actor:
    return actor(Role.STREET, code)


def put(*to: Recipient, dedupe: str = "application:1:2", title: str = "有一份申请请您征询意见") -> Message:
    with transaction.atomic():
        return outbox.put(
            kind="admission.open_consultation", county="430211", subject=UserFactory.create(), title=title,
            body="请在 11月27日 前答复。", url="/admission/1/", to=to or (STREET,), dedupe=dedupe, at=NOW,
        )  # fmt: skip


def letters(state: str | None = None) -> list[Outbox]:
    rows = Outbox.objects.filter(channel=Outbox.Channel.EMAIL).order_by("pk")
    return list(rows.filter(state=state) if state else rows)


def inbox_row() -> Outbox:
    put()
    return Outbox.objects.get(channel=Outbox.Channel.PORTAL)


# --- Putting -----------------------------------------------------------------------------------------------
def test_a_message_stands_in_every_inbox_at_once_and_waits_for_every_address():
    put(STREET, OFFICE)
    rows = Outbox.objects.order_by("channel", "inbox", "address").values_list("channel", "inbox", "address", "state")
    assert list(rows) == [
        ("email", "office:3", "office@example.gov.cn", "queued"),
        ("email", "office:3", "second@example.gov.cn", "queued"),
        ("email", "street:430211001", "clerk@example.gov.cn", "queued"),
        ("portal", "office:3", "", "sent"),
        ("portal", "street:430211001", "", "sent"),
    ]


def test_the_same_message_is_put_once():
    first = put(STREET)
    assert put(STREET, OFFICE) == first
    assert (Message.objects.count(), Outbox.objects.count()) == (1, 2)
    put(STREET, dedupe="application:1:3")
    assert Message.objects.count() == 2


def test_a_person_behind_two_inboxes_gets_one_letter():
    put(Recipient("director:430211", ["A@example.gov.cn"]), Recipient("member:4", ["a@example.gov.cn"]))
    assert (len(letters()), Outbox.objects.count()) == (1, 3)


def test_titles_are_one_line_and_fit():
    assert put(title="申请\r\nBcc: x@example.com\x00" + "长" * 400).title.startswith("申请 Bcc: x@example.com长长")


def test_a_message_of_an_act_that_rolls_back_was_never_put():
    def fail() -> None:
        with transaction.atomic():
            put()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_put_it_once():
    messages = at_once(*[put] * 8)
    assert len({message.pk for message in messages}) == 1
    assert Outbox.objects.count() == 2


def test_the_database_keeps_one_message_for_a_key_one_delivery_for_an_address_and_no_sending_without_time():
    message = put()
    row = letters()[0]
    with pytest.raises(IntegrityError, match="dedupe"), transaction.atomic():
        Message.objects.create(dedupe=message.dedupe, kind="x", title="x", written_at=NOW)
    with pytest.raises(IntegrityError, match="delivery_once"), transaction.atomic():
        Outbox.objects.create(
            message=message, channel=row.channel, inbox=row.inbox, address=row.address, next_try_at=NOW
        )
    row.state = Outbox.State.SENT
    with pytest.raises(IntegrityError, match="delivery_sent_with_time"), transaction.atomic():
        row.save()


# --- Waking the sweep --------------------------------------------------------------------------------------
def test_one_wake_for_a_transaction_however_many_messages(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        put(dedupe="1")
        put(dedupe="2")
    assert callbacks == [tasks.wake]


def test_nothing_to_send_wakes_nobody(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        put(Recipient("street:430211001"))
    assert callbacks == []


@pytest.fixture
def broker():
    """Publish to another address, for one test."""

    def use(url: str) -> None:
        current_app.conf.broker_url = current_app.conf.broker_write_url = url
        current_app._pool = current_app.amqp._producer_pool = None

    before = current_app.conf.broker_url
    yield use
    use(before)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_harms_nothing(broker, caplog):
    broker(f"redis://127.0.0.1:{closed_port()}/0")
    put()
    assert "the broker is away" in caplog.text
    tasks.sweep()
    assert [letter.to for letter in mail.outbox] == [["clerk@example.gov.cn"]]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_takes_the_call_and_says_nothing_holds_nobody_for_long(broker, caplog):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        broker(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        assert at_once(put) == [Message.objects.get()]
    assert "the broker is away" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_wake_reaches_the_broker():
    with current_app.connection_for_write() as channel:
        waiting = channel.SimpleQueue("celery")
        waiting.clear()
        put()
        received = waiting.get(timeout=5)
        received.ack()
        waiting.close()
    assert received.headers["task"] == "base.tasks.sweep"


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- Sending -----------------------------------------------------------------------------------------------
def test_a_letter_says_what_where_and_that_it_needs_no_answer(settings):
    settings.PORTAL_URL, settings.DEFAULT_FROM_EMAIL = "https://portal.example", "平台 <portal@example.gov.cn>"
    message = put()
    delivery.deliver_due(at=NOW)
    [letter] = mail.outbox
    assert (letter.subject, letter.to) == (message.title, ["clerk@example.gov.cn"])
    assert "请在 11月27日 前答复。\n\nhttps://portal.example/admission/1/\n\n" in letter.body
    assert letter.extra_headers["Message-ID"].endswith("@example.gov.cn>")
    assert [(row.state, row.sent_at, row.attempts) for row in letters()] == [("sent", NOW, 1)]


def test_sweeping_twice_sends_once():
    put(OFFICE)
    with time_machine.travel(LATER):
        tasks.sweep()
        tasks.sweep(something_later=True)
    assert len(mail.outbox) == 2


def test_a_sweep_takes_so_many_and_the_next_goes_on(monkeypatch):
    monkeypatch.setattr(delivery, "AT_MOST", 2)
    put(OFFICE, STREET)
    delivery.deliver_due(at=NOW)
    assert len(letters("queued")) == 1
    delivery.deliver_due(at=NOW)
    assert letters("queued") == []


def test_what_is_not_due_yet_waits():
    put()
    delivery.deliver_due(at=NOW - timedelta(seconds=1))
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_eight_sweeps_at_once_send_each_letter_once():
    for n in range(12):
        put(dedupe=str(n))
    outcomes = at_once(*[lambda: delivery.deliver_due(at=NOW)] * 8)
    assert outcomes == [None] * 8
    assert len(mail.outbox) == 12
    assert {row.attempts for row in letters("sent")} == {1}


@pytest.fixture
def mail_server_away(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed_port()


@pytest.mark.usefixtures("mail_server_away")
def test_a_mail_server_that_is_away_puts_letters_off_without_touching_the_others():
    put(OFFICE)
    delivery.deliver_due(at=NOW)
    tried, untouched = letters()
    assert (tried.state, tried.attempts, tried.next_try_at) == ("queued", 1, NOW + timedelta(minutes=1))
    assert "ConnectionRefusedError" in tried.last_error
    assert (untouched.attempts, untouched.last_error) == (0, "")


@pytest.mark.usefixtures("mail_server_away")
def test_waits_grow_and_after_days_a_letter_is_given_up():
    put()
    waits, at = [], NOW
    while (row := letters()[0]).state == "queued":
        waits.append(row.next_try_at - at)
        at = row.next_try_at
        delivery.deliver_due(at=at)
    minutes, hours, days = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
    assert waits == [0 * days, minutes, 5 * minutes, 30 * minutes, 2 * hours, 12 * hours, days, days]
    assert (row.state, row.attempts, row.sent_at) == ("failed", 8, None)
    delivery.deliver_due(at=at + 365 * days)
    assert letters()[0].attempts == 8


@pytest.mark.usefixtures("mail_server_away")
def test_a_mail_server_that_is_away_leaves_the_portal_alone():
    put()
    delivery.deliver_due(at=NOW)
    assert Outbox.objects.visible_to(clerk()).unread().count() == 1


def test_when_the_mail_server_is_back_the_letter_goes_out(settings, mail_server_away):
    put()
    delivery.deliver_due(at=NOW)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    delivery.deliver_due(at=LATER)
    [row] = letters()
    assert (row.state, row.attempts, row.last_error, len(mail.outbox)) == ("sent", 2, "", 1)


class Choosy(EmailBackend):
    """A mail server that does not know one of the addresses."""

    def send_messages(self, messages):
        if messages[0].to == ["office@example.gov.cn"]:
            raise smtplib.SMTPRecipientsRefused({"office@example.gov.cn": (550, b"unknown")})
        return super().send_messages(messages)


@pytest.mark.parametrize("bad", ["office@example.gov.cn", "bad\n@example.gov.cn"])
def test_a_letter_that_cannot_be_sent_does_not_hold_up_the_next(settings, bad):
    settings.EMAIL_BACKEND = f"{__name__}.Choosy"
    put(Recipient("office:3", [bad, "second@example.gov.cn"]))
    delivery.deliver_due(at=NOW)
    assert [row.state for row in letters()] == ["queued", "sent"]
    assert letters()[0].last_error


def test_an_administrator_queues_a_failed_letter_again():
    put()
    row = letters()[0]
    with pytest.raises(RuleViolation, match="投递失败"):
        outbox.try_again(row, at=NOW)
    Outbox.objects.filter(pk=row.pk).update(state="failed", attempts=8)
    assert outbox.try_again(row, at=NOW).state == "queued"
    delivery.deliver_due(at=NOW)
    assert len(mail.outbox) == 1


# --- Reading -----------------------------------------------------------------------------------------------
def test_an_inbox_shows_its_own_messages_and_counts_the_unread():
    put(STREET, dedupe="1")
    put(OFFICE, dedupe="2")
    mine = Outbox.objects.visible_to(clerk())
    assert [row.message.dedupe for row in mine] == ["1"]
    assert mine.unread().count() == 1
    assert not Outbox.objects.visible_to(clerk("430211002")).exists()


def test_the_first_reading_stays():
    row = outbox.mark_seen(inbox_row(), by=clerk(), at=LATER)
    assert (row.state, row.seen_at, row.seen_by) == ("seen", LATER, clerk().label)
    again = outbox.mark_seen(row, by=clerk(), at=LATER + timedelta(days=1))
    assert again.seen_at == LATER
    assert Outbox.objects.visible_to(clerk()).unread().count() == 0


def test_everything_unread_is_marked_at_once():
    put(STREET, dedupe="1")
    put(STREET, OFFICE, dedupe="2")
    assert outbox.mark_all_seen(by=clerk(), at=LATER) == 2
    assert outbox.mark_all_seen(by=clerk(), at=LATER) == 0
    assert Outbox.objects.filter(inbox="office:3", channel="portal").get().state == "sent"


def test_an_acknowledgement_is_said_once_and_leaves_one_line():
    row = outbox.mark_acknowledged(inbox_row(), by=clerk(), at=LATER)
    assert (row.state, row.seen_at, row.acknowledged_at) == ("acknowledged", LATER, LATER)
    again = outbox.mark_acknowledged(row, by=clerk(), at=LATER + timedelta(days=1))
    assert again.acknowledged_at == LATER
    assert outbox.mark_seen(row, by=clerk(), at=LATER).state == "acknowledged"
    event = Event.objects.get()
    assert (event.chain, event.data["inbox"], event.in_feed) == ("430211", "street:430211001", False)


def test_what_was_read_before_keeps_its_reading_when_it_is_acknowledged():
    seen = outbox.mark_seen(inbox_row(), by=clerk(), at=NOW)
    assert outbox.mark_acknowledged(seen, by=clerk(), at=LATER).seen_at == NOW


@pytest.mark.parametrize("act", [outbox.mark_seen, outbox.mark_acknowledged])
def test_nobody_opens_somebody_elses_inbox_or_a_letter(act):
    row = inbox_row()
    with pytest.raises(NotAllowed, match="岗位"):
        act(row, by=clerk("430211002"), at=NOW)
    with pytest.raises(NotAllowed):
        act(letters()[0], by=clerk(), at=NOW)
