"""Before a draft goes on: what is missing with links to each question, the whole form to read, the way on."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from admission import access, conditions
from admission.actions.consultation import bodies_of
from admission.presentation.case import Case
from admission.presentation.changes import changes
from admission.presentation.offers import reopen, revised_plan, untouched
from admission.presentation.precedents import precedent_lines
from admission.presentation.sheet import sheet
from admission.presentation.warnings import warnings
from admission.procedure import Step
from admission.requirements import STREET_KINDS
from admission.web.drafting import FillingIn
from admission.web.forms.parts import Missing, missing_for_consultation, open_parts
from base.text import in_a_row

ONWARD = (Step.OPEN_CONSULTATION, Step.SUBMIT, Step.RESUBMIT, Step.RESUBMIT_TO_SCREENING)
"""The steps to which filling in leads."""
GAPS = frozenset(
    {
        conditions.names_what_and_where, conditions.plan_has_eight_parts, conditions.form_is_complete,
        conditions.plan_is_complete, conditions.contact_made, conditions.defects_answered,
        conditions.milestones_within_term,
    }
)  # fmt: skip
"""The conditions that only say what is not filled in."""


class Check(FillingIn):
    """What is missing, with links to each question; then the whole form to read; then the way on."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        case = Case(self.application, self.actor, self.draft.on)
        open_now = access.open_steps(self.actor, self.application, on=self.draft.on)
        first = [] if case.rounds else missing_for_consultation(self.draft)
        context = self.frame(
            "check",
            difference=changes(case),
            sections=sheet(self.application, self.draft.plan),
            open_slugs=[part.slug for part in open_parts(self.draft)],
            first=self.grouped(first),
            then=self.grouped([gap for gap in self.missing if gap not in first]),
            warnings=warnings(case),
            alike=precedent_lines(case),
            text=self.who_will_be_asked(case),
            title=self.heading(case, open_now),
            first_title=_("发出征询前还要填"),
            then_title=_("提交前另外还要填") if first else _("提交前还要填"),
            head_actions=[self.other_view(""), {"label": _("打印"), "print": True}],
            onward=self.onward(case, open_now),
            blocked=list(self.blocked()),
        )
        return render(request, "admission/draft_check.html", context)

    def heading(self, case: Case, open_now: Sequence[Step]) -> str:
        """The state of things: how much is missing, for what."""
        if self.missing and Step.OPEN_CONSULTATION in open_now:
            return _("可以发出征询，提交前还要填 %s 项") % len(self.missing)
        if self.missing:
            return _("还要填 %s 项") % len(self.missing)
        return _("填齐了，可以往下办") if open_now else _("填齐了")

    def blocked(self) -> Iterator[tuple[str, str]]:
        """What stands in the way besides the gaps, which are listed one by one."""
        for step in access.steps_here(self.actor, self.application, on=self.draft.on):
            others = [condition for condition in conditions.CONDITIONS[step] if condition not in GAPS]
            said = [sentence for condition in others if (sentence := condition(self.application, self.draft.on))]
            if step in ONWARD and said:
                yield str(step.label), in_a_row(said)

    def grouped(self, gaps: Sequence[Missing]) -> list[tuple[str, list[tuple[str, str]]]]:
        """Part by part: (label, where to fill it in)."""
        parts = dict.fromkeys(gap.part for gap in gaps)
        return [
            (
                str(part.title),
                [(gap.label, f"{self.address(part.slug)}#{gap.anchor}") for gap in gaps if gap.part is part],
            )
            for part in parts
        ]

    def onward(self, case: Case, open_now: Sequence[Step]) -> list[dict[str, Any]]:
        """Where it goes from here: the steps that are open, and what can be done with a revision; the first is main."""
        pk = self.application.pk
        steps = [
            {"label": step.label, "url": reverse("admission:step", args=[pk, step.value])}
            for step in reversed(ONWARD)
            if step in open_now
        ]
        offers = [button for offer in (revised_plan, reopen, untouched) if (button := offer(case))]
        found: list[dict[str, Any]] = [*({"label": button.label, "url": button.url} for button in offers), *steps]
        return [{**button, "primary": n == 0} for n, button in enumerate(found)]

    def who_will_be_asked(self, case: Case) -> str:
        """Before anybody was asked: how many would be, and that nobody else can read the draft yet."""
        if case.rounds:
            return ""
        asked = bodies_of(self.application)
        streets = sum(body.kind in STREET_KINDS for body in asked)
        counts = {"streets": streets, "communities": len(asked) - streets}
        said = [_("发出征询以前，申请单位以外的人看不到这份草稿。")]
        if streets:
            said.append(_("按现在的范围，会征询 %(streets)s 个街道（镇）、%(communities)s 个社区。") % counts)
        elif asked:  # a street's own application within its own bounds
            said.append(_("按现在的范围，会征询 %(communities)s 个社区；申请单位自己不用答复。") % counts)
        return in_a_row(said)
