"""What is told about a meeting: when and where it is, that it was moved, that it fell through (art 8(三); A-5)."""

from datetime import datetime

from django.utils.translation import gettext as _

from admission.models import Application, Meeting
from admission.notifications import TOLD, applicant, concerned, members, tell
from admission.procedure import Step
from base.templatetags.portal import zh_moment
from base.text import spoken_in_chinese


@spoken_in_chinese
def invite(meeting: Meeting, application: Application, *, at: datetime) -> None:
    """Applicant, members, streets and communities are told when and where it is heard (art 8(三))."""
    tell(
        application,
        kind="admission.invitation",
        title=_("%(title)s：列入%(meeting)s") % {"title": application, "meeting": meeting},
        body=_("地点：%s。") % meeting.place,
        to=[*applicant(application), *members(application), *concerned(application)],
        dedupe=f"invitation:{meeting.pk}:{application.pk}:{application.version + 1}",
        at=at,
    )


@spoken_in_chinese
def moved(meeting: Meeting, application: Application, *, at: datetime) -> None:
    """Everybody who was invited is told the new time and place."""
    tell(
        application,
        kind="admission.meeting_moved",
        title=_("%(title)s：%(meeting)s改期") % {"title": application, "meeting": meeting},
        body=_("改到%(when)s，地点：%(place)s。") % {"when": zh_moment(meeting.planned_at), "place": meeting.place},
        to=_invited(application),
        dedupe=f"meeting_moved:{meeting.pk}:{meeting.version + 1}:{application.pk}",
        at=at,
    )


@spoken_in_chinese
def fell_through(meeting: Meeting, application: Application, *, at: datetime) -> None:
    """Everybody who was invited is told that it was called off, or that too few came, and what becomes of the case."""
    tell(
        application,
        kind="admission.meeting_off",
        title=_("%(title)s：%(meeting)s%(state)s")
        % {"title": application, "meeting": meeting, "state": meeting.get_state_display()},
        body=_("原因：%s\n以后列入别的会议时再通知。") % meeting.reason,
        to=_invited(application),
        dedupe=f"meeting_off:{meeting.pk}:{application.pk}",
        at=at,
    )


def _invited(application: Application) -> list[str]:
    return [box for group in TOLD[Step.TAKE_OFF_AGENDA] for box in group(application)]
