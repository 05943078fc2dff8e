"""What resembles an application: items on the list or gone from it, applications under way or refused (art 4, 5).

Nothing is forbidden by it: whoever drafts, screens or decides reads it with the reasons, and judges.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from admission.models import Application, Basis, ImplementationPlan
from admission.procedure import BEFORE_DECISION, Kind, State
from communities.roles import Actor
from worklists import thesaurus
from worklists.bigrams import normalised
from worklists.candidates import corpus_of
from worklists.lists import AsOf
from worklists.overlap import INSIDE, NEAR, Candidate, Corpus, Likeness

NEW = frozenset({Kind.ADMISSION, Kind.CONFIRMATION})
"""Kinds that put something new on the list; a change or an exit is about what stands there already."""
COMPARED = (BEFORE_DECISION - {State.DRAFT}) | {State.APPROVED, State.REJECTED}
"""Under way, or refused. What was admitted is compared as the item that it has become."""
MOST = 5
APPLICATION = "application"


@dataclass(frozen=True)
class Precedent:
    """Something like it: how it resembles in words, and what it shares."""

    likeness: Likeness
    shares: list[str] = field(default_factory=list)
    application: Application | None = None
    split: list[Application] = field(default_factory=list)
    """Of a refused one: other applications of the same unit, filed since, that resemble it too."""

    @property
    def candidate(self) -> Candidate:
        """What it is like."""
        return self.likeness.candidate


@dataclass(frozen=True)
class Precedents:
    """The items, and the applications that the reader may know of; the nearest first."""

    items: list[Precedent] = field(default_factory=list)
    applications: list[Precedent] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.items or self.applications)


def precedents(application: Application, *, does: str, actor: Actor, on: date) -> Precedents:
    """What resembles it by its name, or by what communities would do (`does`: of its plan), for this reader; nothing
    for a change or an exit. Up to seven queries."""
    if application.kind not in NEW or not application.title:
        return Precedents()
    mine = _candidate(application, does)
    found = _nearest(corpus_of(application.county.code, AsOf(on)), mine)
    items = [Precedent(one, [*same, *_shared_with_item(application, one.candidate)]) for one, same in found]
    return Precedents(items, _Others(application, actor).like_it(mine))


def _nearest(corpus: Corpus, mine: Candidate) -> list[tuple[Likeness, list[str]]]:
    """What is like it by name or by content, the nearest first, with what is alike."""
    found: dict[str, tuple[Likeness, list[str]]] = {}
    for field_name, word, least in (("title", _("名称相近"), INSIDE), ("does", _("工作内容相近"), NEAR)):
        for one in corpus.find(mine.fields[field_name], most=MOST) if mine.fields[field_name] else ():
            if one.score >= least:
                found.setdefault(one.candidate.key, (one, []))[1].append(word)
    return sorted(found.values(), key=lambda pair: -pair[0].score)[:MOST]


def resembling(text: str, *, actor: Actor, county: str) -> list[Precedent]:
    """Applications under way or refused that resemble a few words, among those that the reader may know of."""
    known = _comparable(actor, county)
    return [Precedent(one, [], known[one.candidate.key]) for one in _corpus(known).find(text, most=MOST)]


def _comparable(actor: Actor, county: str) -> dict[str, Application]:
    rows = Application.objects.visible_to(actor).filter(county__code=county, kind__in=NEW, state__in=COMPARED)
    return {str(row.pk): row for row in rows.select_related("applicant", "decision").order_by("pk")}


def _corpus(rows: Mapping[str, Application]) -> Corpus:
    fixed = ImplementationPlan.objects.filter(application__in=rows.values(), frozen_at__isnull=False).order_by("number")
    does = dict(fixed.values_list("application", "community_does"))
    return Corpus([_candidate(row, does.get(row.pk, "")) for row in rows.values()], thesaurus.standard())


def _candidate(row: Application, does: str) -> Candidate:
    return Candidate(APPLICATION, str(row.pk), {"title": row.title, "department": row.applicant.name, "does": does})


def _shared_with_item(application: Application, item: Candidate) -> list[str]:
    same = application.category and application.category == item.fields["category"]
    return [_("同一类别")] if same else []


class _Others:
    """The other applications, beside this one."""

    def __init__(self, application: Application, actor: Actor) -> None:
        self.application = application
        self.rows = _comparable(actor, application.county.code)
        self.rows.pop(str(application.pk), None)
        self.corpus = _corpus(self.rows)

    def like_it(self, mine: Candidate) -> list[Precedent]:
        """The nearest first."""
        found = _nearest(self.corpus, mine)
        keys = [one.candidate.key for one, _same in found]
        bases, scopes = self._bases([*keys, self._own]), self._scopes([*keys, self._own])
        return [
            Precedent(one, [*same, *self._shared(key, bases, scopes)], self.rows[key], self._split(self.rows[key]))
            for key, (one, same) in zip(keys, found, strict=True)
        ]

    @property
    def _own(self) -> str:
        return str(self.application.pk)

    def _bases(self, keys: Sequence[str]) -> dict[str, dict[str, str]]:
        """Of each application, the documents it rests on: as they are compared -> as they are called."""
        found: dict[str, dict[str, str]] = {key: {} for key in keys}
        for pk, title in Basis.objects.filter(application__in=map(int, keys)).values_list("application", "title"):
            found[str(pk)][normalised(title).strip("《》 ")] = title.strip("《》 ")
        return found

    def _scopes(self, keys: Sequence[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {key: [] for key in keys}
        through = Application.scope.through.objects.filter(application__in=map(int, keys))
        for pk, code in through.values_list("application", "division__code"):
            found[str(pk)].append(code)
        return found

    def _shared(
        self, key: str, bases: Mapping[str, Mapping[str, str]], scopes: Mapping[str, Sequence[str]]
    ) -> list[str]:
        """What is the same besides the words."""
        other, said = self.rows[key], []
        if other.applicant_id == self.application.applicant_id:
            said.append(_("同一申请单位"))
        same = [f"《{bases[self._own][name]}》" for name in bases[self._own] if name in bases[key]]
        if same:
            said.append(_("同一依据%s") % _("、").join(same))
        if any(
            mine.startswith(theirs) or theirs.startswith(mine) for mine in scopes[self._own] for theirs in scopes[key]
        ):
            said.append(_("实施范围有重叠"))
        return said

    def _split(self, refused: Application) -> list[Application]:
        """Of a refused one: what else its unit has filed since that is like it; together they may be the same again."""
        if refused.state != State.REJECTED or refused.applicant_id != self.application.applicant_id:
            return []
        since = [
            row
            for row in self.rows.values()
            if row.applicant_id == refused.applicant_id and row.pk > refused.pk and row.state != State.REJECTED
        ]
        key = str(refused.pk)
        return [row for row in since if key in {one.candidate.key for one in self.corpus.find(row.title, most=MOST)}]
