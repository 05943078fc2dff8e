"""The case on one page for who decides it in five minutes: what is asked, what was said, what it costs communities."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admission import requirements
from admission.models import AgendaItem, Screening
from admission.presentation.case import Case
from admission.presentation.highlights import Fact, added, highlights, plain, workload
from admission.presentation.opinions import Voice
from admission.presentation.precedents import Line, precedent_lines
from admission.presentation.unmoved import Unmoved, unmoved
from communities.roles import STREET
from worklists.models import ItemVersion


@dataclass(frozen=True)
class Brief:
    """What stands above the form of a decision."""

    facts: list[Fact]
    burden: list[Fact]
    agreement: str
    contested: list[Voice]
    heard: AgendaItem | None
    screening: Screening | None
    unmoved: Unmoved | None
    alike: dict[str, list[Line]]

    @property
    def findings(self) -> list[Fact]:
        """The points of the initial screening."""
        return findings(self.screening) if self.screening else []


def findings(screening: Screening) -> list[Fact]:
    """Each point of the review form with what the office wrote."""
    names = ("completeness", "legality", "necessity", "guarantees", "burden", "alternatives")
    return [(str(getattr(Screening, name).field.verbose_name), getattr(screening, name)) for name in names]


def brief(case: Case) -> Brief:
    """Read once; a fixed number of queries."""
    shown = [fact for fact in highlights(case) if fact[0] not in {_("工作量"), _("新增负担")}]
    return Brief(
        facts=[*shown, (_("依据"), "\n".join(case.bases)), (_("必要性"), case.application.justification)],
        burden=burden(case),
        agreement=agreement(case),
        contested=case.matrix.contested if case.matrix else [],
        heard=case.heard[0] if case.heard else None,
        screening=case.screening,
        unmoved=unmoved(case.application),
        alike=precedent_lines(case),
    )


def agreement(case: Case) -> str:
    """无异议 9、有异议 1, and what follows from it."""
    counts = requirements.standing_counts(case.application, case.today)
    if counts.only_agreement:
        return _("征询的 %s 个单位全部答复无异议。") % counts.no_objection
    return _(
        "无异议 %(no_objection)s 个、有条件同意 %(conditional)s 个、有异议 %(objection)s 个、未答复 %(silent)s 个。"
    ) % vars(counts)


def burden(case: Case) -> list[Fact]:
    """How many communities, how many hours, what is added, and how much they have to do already."""
    matrix = case.matrix
    communities = sum(len(voice.code) > STREET for voice in matrix.voices) if matrix else 0
    hours = case.application.workload_hours
    total = _("，合计每月 %s 人时") % plain(hours * communities) if hours is not None and communities else ""
    owner = case.application.county.code
    listed = ItemVersion.objects.owned_by(owner).in_force(case.today).known().count()
    return [
        (_("涉及社区"), ngettext("%s 个", "%s 个", communities) % communities),
        (_("工作量"), workload(case.application) + total),
        (_("新增负担"), added(case.application)),
        (_("现在清单"), _("本区今天有效的事项 %s 项") % listed),
    ]
