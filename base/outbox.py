"""Messages: written in the transaction of the act itself, delivered later (base/delivery.py), never lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, events, tasks
from base.errors import NotAllowed, RuleViolation
from base.models import Message, Outbox
from base.sentences import sentence
from base.text import clean, one_line

LONGEST_TITLE = Message._meta.get_field("title").max_length


@dataclass(frozen=True)
class Recipient:
    """An inbox of the portal (a post: role and unit or place) and the e-mail addresses behind it."""

    inbox: str
    emails: Sequence[str] = ()


class Holder(events.Doer, Protocol):
    """Who opens an inbox: the holder of its post."""

    @property
    def inbox(self) -> str: ...


def put(
    *,
    kind: str,
    county: str,
    subject: models.Model,
    title: str,
    body: str,
    url: str,
    to: Sequence[Recipient],
    dedupe: str,
    at: datetime,
) -> Message:
    """Write one message and its deliveries: it stands in the portal at once, e-mail goes out after the commit.

    A second message with the same `dedupe` is not written; the first one is returned.
    """
    message, is_new = Message.objects.get_or_create(
        dedupe=dedupe,
        defaults={
            "kind": kind,
            "county": county,
            "subject_type": subject._meta.label_lower,
            "subject_pk": str(subject.pk),
            "title": one_line(title)[:LONGEST_TITLE],
            "body": clean(body),
            "url": url,
            "written_at": at,
        },
    )
    if is_new:
        inboxes, letters = _portal(message, to, at), _letters(message, to, at)
        Outbox.objects.bulk_create([*inboxes, *letters])
        if letters:
            _wake_after_commit()
    return message


def mark_seen(delivery: Outbox, *, by: Holder, at: datetime) -> Outbox:
    """已阅: the first reading stays. Raises NotAllowed for somebody else's inbox."""
    with transaction.atomic():
        row = _locked(delivery, by)
        if row.state == Outbox.State.SENT:
            row.state, row.seen_at, row.seen_by = Outbox.State.SEEN, at, by.label
            row.save(update_fields=["state", "seen_at", "seen_by"])
    return row


def mark_all_seen(*, by: Holder, at: datetime) -> int:
    """Everything in one's inbox that has not been read; how many there were."""
    unread = Outbox.objects.visible_to(by).unread()
    return unread.update(state=Outbox.State.SEEN, seen_at=at, seen_by=by.label)


def mark_acknowledged(delivery: Outbox, *, by: Holder, at: datetime) -> Outbox:
    """已签收: said once, with an audit line. A second time changes nothing. Raises NotAllowed."""
    with acts.act():
        row = _locked(delivery, by)
        if row.state == Outbox.State.ACKNOWLEDGED:
            return row
        if row.seen_at is None:
            row.seen_at, row.seen_by = at, by.label
        row.state, row.acknowledged_at = Outbox.State.ACKNOWLEDGED, at
        row.save(update_fields=["state", "seen_at", "seen_by", "acknowledged_at"])
        events.record(
            "base.outbox.acknowledged",
            target=row,
            by=by,
            at=at,
            chain=row.message.county,
            data={"says": sentence(gettext_noop("签收消息“%(title)s”"), title=row.message.title), "inbox": row.inbox},
            in_feed=False,
        )
    return row


def try_again(delivery: Outbox, *, at: datetime) -> Outbox:
    """Queue a delivery once more that was given up, for instance after the mail server has been mended."""
    with transaction.atomic():
        row = Outbox.objects.select_for_update().get(pk=delivery.pk)
        if row.state != Outbox.State.FAILED:
            raise RuleViolation(_("只有投递失败的邮件才能重新投递。"))
        row.state, row.attempts, row.next_try_at = Outbox.State.QUEUED, 0, at
        row.save(update_fields=["state", "attempts", "next_try_at"])
        _wake_after_commit()
    return row


def _portal(message: Message, to: Sequence[Recipient], at: datetime) -> list[Outbox]:
    return [
        Outbox(
            message=message,
            channel=Outbox.Channel.PORTAL,
            inbox=inbox,
            state=Outbox.State.SENT,
            next_try_at=at,
            sent_at=at,
        )
        for inbox in sorted({recipient.inbox for recipient in to})
    ]


def _letters(message: Message, to: Sequence[Recipient], at: datetime) -> list[Outbox]:
    """One letter to an address, even when the same person stands behind several inboxes."""
    inbox_of = {address.strip().lower(): recipient.inbox for recipient in to for address in recipient.emails}
    return [
        Outbox(message=message, channel=Outbox.Channel.EMAIL, inbox=inbox, address=address, next_try_at=at)
        for address, inbox in inbox_of.items()
    ]


def _locked(delivery: Outbox, by: Holder) -> Outbox:
    row = Outbox.objects.select_for_update(of=("self",)).select_related("message").get(pk=delivery.pk)
    if row.channel != Outbox.Channel.PORTAL or row.inbox != by.inbox:
        raise NotAllowed(_("这条消息不是发给您现在的岗位的，请在页面右上角换一个任职再看。"))
    return row


def _wake_after_commit() -> None:
    """Once for each transaction, however many messages it writes."""
    waiting = transaction.get_connection().run_on_commit
    if all(callback is not tasks.wake for _savepoints, callback, _robust in waiting):
        transaction.on_commit(tasks.wake, robust=True)
