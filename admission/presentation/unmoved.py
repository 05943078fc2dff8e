"""What was answered 采纳 while the plan stayed as it was: told to who decides and who issues, not forbidden (A-33)."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import ngettext

from admission import requirements
from admission.models import Application, MeetingOpinion, Opinion
from admission.models.consultation import Fate

TAKEN_UP = (Fate.ADOPTED, Fate.PARTLY)


@dataclass(frozen=True)
class Unmoved:
    """The warning, and where the opinions are read."""

    sentence: str
    url: str


def unmoved(application: Application) -> Unmoved | None:
    """Opinions said to be adopted, whole or in part, after which no version of the plan was fixed. Three queries."""
    if application.consulted_at is None:
        return None
    plan = requirements.fixed_plan(application)
    standing = Opinion.objects.standing(application).values("pk")
    asked = Opinion.objects.filter(pk__in=standing, response__fate__in=TAKEN_UP, answered_at__gt=plan.frozen_at)
    heard = MeetingOpinion.objects.filter(
        agenda_item__application=application, fate__in=TAKEN_UP, agenda_item__meeting__closed_at__gt=plan.frozen_at
    )
    of_bodies, of_meeting = asked.count(), heard.count()
    total = of_bodies + of_meeting
    if not total:
        return None
    said = ngettext(
        "有 %(count)s 条意见写明采纳或者部分采纳，方案还是第 %(number)s 版，没有改过。",
        "有 %(count)s 条意见写明采纳或者部分采纳，方案还是第 %(number)s 版，没有改过。",
        total,
    )
    where = "opinions" if of_bodies else "meetings"
    url = f"{reverse('admission:application', args=[application.pk])}#{where}"
    return Unmoved(said % {"count": total, "number": plan.number}, url)
