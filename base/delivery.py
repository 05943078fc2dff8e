"""E-mail on its way out: one transaction for each letter, put off when it fails, given up after days.

A process killed between the mail server's yes and our commit sends that letter again, under the same Message-ID.
"""

from datetime import datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import gettext as _

from base.models import Outbox

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=1),
)
"""How long to wait after each failure; after one more the delivery is given up."""

AT_MOST = 200
LONGEST_ERROR = Outbox._meta.get_field("last_error").max_length


def deliver_due(*, at: datetime) -> None:
    """Send what is due. Safe to run twice and at the same time: a letter another process holds is passed by."""
    server = mail.get_connection()
    try:
        for _n in range(AT_MOST):
            if not deliver_next(server, at=at):
                break
    finally:
        server.close()


def deliver_next(server: BaseEmailBackend, *, at: datetime) -> bool:
    """Send the letter that has waited longest; False when there is none, or when the mail server is away."""
    with transaction.atomic():
        due = Outbox.objects.due(at).select_related("message")
        row = due.select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return False
        server_answers = True
        row.attempts += 1
        try:
            server.open()
            _letter(row, server).send()
        except (SMTPRecipientsRefused, SMTPDataError, ValueError) as error:  # this letter cannot be sent
            _put_off(row, error, at)
        except OSError as error:  # the server cannot be reached, or broke off: the others wait for the next sweep
            server_answers = False
            _put_off(row, error, at)
        else:
            row.state, row.sent_at, row.last_error = Outbox.State.SENT, at, ""
        row.save(update_fields=["state", "attempts", "next_try_at", "last_error", "sent_at"])
    return server_answers


def _put_off(row: Outbox, error: Exception, at: datetime) -> None:
    row.last_error = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    if row.attempts > len(WAITS):
        row.state = Outbox.State.FAILED
    else:
        row.next_try_at = at + WAITS[row.attempts - 1]


def _letter(row: Outbox, server: BaseEmailBackend) -> mail.EmailMessage:
    message = row.message
    link = f"{settings.PORTAL_URL}{message.url}" if settings.PORTAL_URL and message.url else ""
    closing = _("请登录平台办理。这封邮件由平台自动发出，不用回复。")
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return mail.EmailMessage(
        subject=message.title,
        body="\n\n".join(part for part in (message.body, link, closing) if part),
        to=[row.address],
        connection=server,
        headers={
            "Message-ID": f"<{row.pk}.{message.written_at:%Y%m%d%H%M%S%f}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
