"""Complaints and suggestions about the portal and the work behind it, from anybody, to the county's office.

国办函〔2026〕12号 wants a way to complain within reach of every page. What is said becomes a message in the inbox
of the office and of the platform's administrators: kept, dated, signed for, and read by nobody else.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base import acts, outbox
from base.models import Message
from base.text import spoken_in_chinese
from communities.actors import emails_of
from communities.models import Appointment, Department, Division
from communities.roles import Actor, Role, inbox, lineage

KIND = "config.feedback"
LETTERS = timedelta(hours=1)
"""So long after one letter what strangers say is in the inbox without another: whoever floods it floods no mailbox."""


class Topic(models.TextChoices):
    """What it is about."""

    SUGGESTION = "suggestion", gettext_lazy("意见建议")
    COMPLAINT = "complaint", gettext_lazy("投诉")
    TROUBLE = "trouble", gettext_lazy("页面打不开、看不懂、用不了")


@dataclass(frozen=True)
class Feedback:
    """What somebody said. `contact` and `page` may be empty."""

    topic: Topic
    text: str
    contact: str = ""
    page: str = ""


def counties(at: datetime) -> list[Division]:
    """The counties that have an office to read it, by code."""
    hosts = Department.objects.valid(acts.legal_day(at)).filter(hosts_office=True)
    return list(Division.objects.filter(pk__in=hosts.values("division")).order_by("code"))


def give_feedback(county: Division, *, by: Actor | None, at: datetime, said: Feedback) -> Message:
    """Put it into the inboxes of the office and of the administrators. The same words on the same day arrive once."""
    with transaction.atomic():
        boxes = readers(county, at)
        lately = Message.objects.filter(kind=KIND, county=county.code, written_at__gt=at - LETTERS)
        emails = {} if by is None and lately.exists() else emails_of(boxes, on=acts.legal_day(at))
        return outbox.put(
            kind=KIND,
            county=county.code,
            subject=county,
            title=_title(said),
            body=_body(said, by),
            url="",
            to=[outbox.Recipient(box, emails.get(box, [])) for box in boxes],
            dedupe=_once(county, said, at),
            at=at,
        )


def readers(county: Division, at: datetime) -> list[str]:
    """The inboxes that receive it: the host of the office, and every administrator of the territory."""
    on = acts.legal_day(at)
    hosts = Department.objects.of(county.code).hosting(on)
    admins = Appointment.objects.valid(on).filter(role=Role.ADMIN, division__code__in=lineage(county.code))
    boxes = {inbox(Role.OFFICE, county.code, host.pk) for host in hosts}
    return sorted(boxes | {inbox(Role.ADMIN, code, None) for code in admins.values_list("division__code", flat=True)})


@spoken_in_chinese
def _title(said: Feedback) -> str:
    return _("%(topic)s：%(text)s") % {"topic": said.topic.label, "text": said.text[:40]}


@spoken_in_chinese
def _body(said: Feedback, by: Actor | None) -> str:
    lines = [said.text, _("提出人：%s") % (by.label if by else _("没有登录的来访者"))]
    if said.contact:
        lines.append(_("联系方式：%s") % said.contact)
    if said.page:
        lines.append(_("所在页面：%s") % said.page)
    return "\n\n".join(lines)


def _once(county: Division, said: Feedback, at: datetime) -> str:
    words = f"{said.topic}\n{said.text}\n{said.contact}"
    digest = hashlib.sha256(words.encode()).hexdigest()[:24]
    return f"feedback:{county.code}:{acts.legal_day(at):%Y%m%d}:{digest}"
