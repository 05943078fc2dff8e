"""督办 of an overdue application, from its page."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy

from admission import actions
from admission.late import Late, late
from admission.models import Deadline
from admission.web.action_page import ActionPage
from admission.web.forms.steps import Seen
from base.templatetags.portal import zh_day
from base.text import spoken_in_chinese
from communities.models import Department
from worklists import access
from worklists.access import Act
from worklists.receiving.supervising import Charge
from worklists.web.receiving_forms import text
from worklists.web.supervision_forms import ChargeForm

MATTER = ChargeForm.base_fields["matter"].max_length  # type: ignore[attr-defined]


def _ground(clock: Deadline) -> str:
    said = {"clock": clock.get_clock_display(), "due_on": zh_day(clock.due_on), "basis": clock.basis}
    return gettext("%(clock)s最晚 %(due_on)s，到今天没有办（%(basis)s）。") % said


class SuperviseForm(ChargeForm, Seen):
    """Which of those that are late has to answer for what."""

    demand = text(gettext_lazy("要求"))

    def charge(self) -> Charge:
        """As the action takes it."""
        return Charge(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class Supervise(ActionPage):
    """The city's organs and the auditors; the longest overdue clock is filled in."""

    form_class = SuperviseForm
    title = gettext_lazy("督办")
    lede = gettext_lazy(
        "时限过了还没有办的，限期督办：被督办的单位会收到消息，要按期答复（《指导意见》第十二条）。本件照常往下办。"
    )
    submit = gettext_lazy("立件")
    done = gettext_lazy("已立件，被督办的单位会收到消息和期限。")

    def check(self) -> None:
        """As for every case that is opened of one's own accord."""
        access.check(self.actor, Act.OPEN_SUPERVISION, self.object.county.code)

    @cached_property
    def late(self) -> list[Late]:
        """Who is late."""
        return late(self.object, on=self.case.today)

    def problems(self) -> list[str]:
        """Nobody is, or nobody is known."""
        if not self.late:
            return [gettext("本件没有超过期限的时限，不用督办。")]
        return [] if any(one.units for one in self.late) else [gettext("没有登记该街道（乡镇）的办事处，不能立件。")]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Only units that are late."""
        keys = [unit.pk for one in self.late for unit in one.units]
        return {**super().get_form_kwargs(), "units": Department.objects.filter(pk__in=keys)}

    @spoken_in_chinese
    def get_initial(self) -> dict[str, Any]:
        """Every clock that is over, and the unit where it is only one; in Chinese, for it is sent."""
        units = {unit.pk: unit for one in self.late for unit in one.units}
        clocks = [one.clock for one in self.late]
        said = {
            "number": self.object.number, "title": self.object,
            "clocks": gettext("、").join(str(clock.get_clock_display()) for clock in clocks),
        }  # fmt: skip
        grounds = [gettext("《指导意见》第十二条。"), *map(_ground, clocks)]
        return {
            **super().get_initial(),
            "unit": next(iter(units.values())) if len(units) == 1 else None,
            "matter": (gettext("%(number)s%(title)s：%(clocks)s超过期限") % said)[:MATTER],
            "basis": "\n".join(grounds),
            "demand": gettext("马上办理，并说明超期的原因。"),
        }

    def perform(self, form: Any) -> Any:
        """The one act."""
        said = {"charge": form.charge(), "seen": form.cleaned_data["seen"]}
        return actions.supervise(self.object, by=self.actor, at=timezone.now(), **said)

    def get_success_url(self) -> str:
        """The case that was opened."""
        return reverse("worklists:supervision-case", args=[self.result.pk])
