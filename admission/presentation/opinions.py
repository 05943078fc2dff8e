"""The opinions as a matrix: streets by stance, communities folded under their street; the last word of each body."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from admission.models import Application, Opinion
from admission.models.consultation import LAST_WORD
from admission.presentation.words import STANCES, StanceLook
from admission.requirements import STREET_KINDS
from base.templatetags.portal import zh_day, zh_month_day
from communities.models import Division
from communities.roles import STREET

CONTESTED = frozenset({Opinion.Stance.CONDITIONAL, Opinion.Stance.OBJECTION})
LOOKS = {look.value: look for look in STANCES}
Echoes = Counter[tuple[int | None, int]]
"""How many answers stand that a street gave for communities, by (street, round)."""
ORDER = {look.value: place for place, look in enumerate(STANCES)}


@dataclass(frozen=True)
class Voice:
    """What one body has said, as it stands: its latest answer, else silence."""

    pk: int
    name: str
    code: str
    stance: str
    day: date | None
    note: str
    words: str
    reply: str
    again: str
    earlier: list[str]
    needs_reply: bool
    is_street: bool
    echo: bool
    """The street's standing answer, said for this community too: to be read there."""
    speaks_for: int
    """For how many communities a street's standing answer was given besides its own."""

    @property
    def speaks(self) -> bool:
        """Is there more to read than the stance?"""
        return not self.echo and bool(self.words or self.reply or self.again or self.earlier)

    @property
    def look(self) -> StanceLook:
        """How its stance looks."""
        return LOOKS[self.stance]


@dataclass(frozen=True)
class Chorus:
    """Communities that stand the same way and say no more than that, or no more than their street."""

    look: StanceLook
    note: str
    names: list[str]


@dataclass
class StreetRow:
    """One line of the matrix. `voice` is None where the street itself was not asked (it applies)."""

    name: str
    voice: Voice | None
    communities: list[Voice] = field(default_factory=list)

    @property
    def sub(self) -> str:
        """How many communities stand under it, and how they answered."""
        if not self.communities:
            return ""
        total = _("%s 个社区") % len(self.communities)
        return total + _("：") + spoken(Counter(row.stance for row in self.communities))

    @property
    def speaking(self) -> list[Voice]:
        """The communities that say something besides their stance."""
        return [voice for voice in self.communities if voice.speaks]

    @property
    def quiet(self) -> list[Chorus]:
        """The others, together with those that stand the same way."""
        rest = sorted(
            (voice for voice in self.communities if not voice.speaks),
            key=lambda voice: (ORDER[voice.stance], voice.note, voice.code),
        )
        return [
            Chorus(look, note, [voice.name for voice in voices])
            for (look, note), voices in groupby(rest, key=lambda voice: (voice.look, voice.note))
        ]

    @property
    def stance(self) -> str | None:
        """The street's stance; None where it was not asked."""
        return self.voice.stance if self.voice else None


@dataclass(frozen=True)
class Matrix:
    """All of it, with the last line."""

    rows: list[StreetRow]
    stances: list[dict[str, object]]
    unit: str
    communities: str
    voices: list[Voice]

    @property
    def contested(self) -> list[Voice]:
        """Conditions and objections, streets first; what a street said for its communities stands there once."""
        return sorted(
            (voice for voice in self.voices if voice.stance in CONTESTED and not voice.echo),
            key=lambda voice: (len(voice.code), voice.code),
        )

    @property
    def without_reply(self) -> list[Voice]:
        """Conditions and objections that the applicant has not answered yet."""
        return [voice for voice in self.contested if voice.needs_reply]


def spoken(counts: Counter[str]) -> str:
    """无异议 9、有异议 1、未答复 2."""
    return _("、").join(f"{look.label} {counts[look.value]}" for look in STANCES if counts[look.value])


def matrix(application: Application, *, on: date) -> Matrix | None:
    """The matrix of those who are concerned now, None before anybody was asked. Three queries."""
    rows = (
        Opinion.objects.filter(round__application=application)
        .select_related("body", "round", "on_behalf_by", "response")
        .order_by("body__code", *LAST_WORD)
    )
    bodies = [list(said) for _code, said in groupby(rows, key=lambda row: row.body.code)]
    if not bodies:
        return None
    stand = set(Opinion.objects.standing(application).values_list("pk", flat=True))
    standing = {row.body_id: row for row in rows if row.pk in stand}
    echoes = Counter((row.on_behalf_by_id, row.round_id) for row in standing.values())
    voices = [_voice(application, said, standing, echoes, on) for said in bodies if said[0].body_id in standing]
    streets = _by_street(voices)
    asked = [row for row in streets if row.voice]
    counts = Counter(row.stance for row in asked)
    below = Counter(voice.stance for voice in voices if not voice.is_street)
    return Matrix(
        rows=streets,
        stances=[
            {
                "value": look.value,
                "label": look.label,
                "short": look.short,
                "tone": look.tone,
                "total": counts[look.value],
            }
            for look in STANCES
        ],
        unit=_("%s 个街道（镇）") % len(asked),
        communities=_("%(count)s 个社区：%(said)s") % {"count": below.total(), "said": spoken(below)} if below else "",
        voices=voices,
    )


def _by_street(voices: Sequence[Voice]) -> list[StreetRow]:
    codes = {voice.code[:STREET] for voice in voices}
    names = dict(Division.objects.filter(code__in=codes).order_by("code").values_list("code", "name"))
    rows = {code: StreetRow(names.get(code, code), None) for code in sorted(codes)}
    for voice in voices:
        if voice.is_street:
            rows[voice.code].voice = voice
        else:
            rows[voice.code[:STREET]].communities.append(voice)
    return list(rows.values())


def _voice(
    application: Application, said: Sequence[Opinion], every: dict[int, Opinion], echoes: Echoes, on: date
) -> Voice:
    """`said`: the rows of one body, the newest round first; `every`: what stands of each body."""
    newest, standing = said[0], every[said[0].body_id]
    answered = [row for row in said if row.answered_at is not None]
    response = getattr(standing, "response", None)
    again = newest is not standing and not application.is_closed
    street = every.get(standing.on_behalf_by_id or 0)
    return Voice(
        pk=standing.pk,
        name=standing.body.name,
        code=standing.body.code,
        stance=standing.stance,
        day=timezone.localtime(standing.answered_at).date() if standing.answered_at else None,
        note=_note(standing, on),
        words=words_of(standing),
        reply=f"{application.applicant}：{response.get_fate_display()}。{response.reason}" if response else "",
        again=_("第 %(round)s 轮已送，最晚%(day)s书面答复。")
        % {"round": newest.round.number, "day": zh_month_day(newest.round.due_on)}
        if again
        else "",
        earlier=[_earlier(row) for row in answered if row is not standing],
        needs_reply=standing.stance in CONTESTED and response is None and standing.on_behalf_by_id is None,
        is_street=standing.body.kind in STREET_KINDS,
        echo=street is not None and street.round_id == standing.round_id,
        speaks_for=echoes[standing.body_id, standing.round_id],
    )


def _note(opinion: Opinion, on: date) -> str:
    if opinion.answered_at is None:
        due = opinion.round.due_on
        return (_("%s期满") if due < on else _("最晚 %s")) % zh_month_day(due)
    day = zh_month_day(timezone.localtime(opinion.answered_at).date())
    return _("%s，街道一并答复") % day if opinion.on_behalf_by else day


def words_of(opinion: Opinion) -> str:
    """What was said besides the stance, a line each."""
    lines: Iterable[tuple[str, str]] = (
        ("“%s”", opinion.points),
        (_("建议：%s"), opinion.suggested_change),
        (_("可投入：%s"), opinion.capacity),
    )
    return "\n".join(form % text for form, text in lines if text)


def answered_for(opinion: Opinion) -> str:
    """That the street has answered for this community, how, and that it may still answer for itself (A-4)."""
    stance = opinion.get_stance_display()
    return _("街道已代为答复：%s。本社区可以自己答复；自己答复以后，以本社区的答复为准。") % stance


def said_already(opinion: Opinion, *, standing: Opinion) -> str:
    """That this body has answered; where its street answered for it (A-4): who, when, how.

    `standing`: what counts of this body in the same round.
    """
    if opinion.on_behalf_by is None or opinion.answered_at is None:
        return _("本单位已经答复过了，答复不能修改。")
    if standing.on_behalf_by_id is None:
        return _("本社区后来自己作了答复：%s。以本社区的答复为准。") % standing.get_stance_display()
    return _("%(street)s在%(day)s代本社区作了书面答复：%(stance)s。答复不能修改。") % {
        "street": opinion.on_behalf_by,
        "day": zh_day(timezone.localtime(opinion.answered_at).date()),
        "stance": opinion.get_stance_display(),
    }


def _earlier(opinion: Opinion) -> str:
    said = f"：“{opinion.points}”" if opinion.points else ""
    sentence = _("第 %(round)s 轮（%(day)s）%(stance)s%(said)s")
    if opinion.on_behalf_by:
        sentence = _("第 %(round)s 轮（%(day)s）%(street)s代答，%(stance)s%(said)s")
    return sentence % {
        "round": opinion.round.number,
        "street": opinion.on_behalf_by,
        "day": zh_month_day(timezone.localtime(opinion.answered_at).date()),
        "stance": opinion.get_stance_display(),
        "said": said,
    }
