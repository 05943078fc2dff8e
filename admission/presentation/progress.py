"""How far it has come: the progress track and the timeline, both read from the audit lines."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from admission.models import Application
from admission.presentation.opinions import spoken
from admission.procedure import CLOSED, STAGES, Procedure, Stage, State
from base import events
from base.models import Event
from base.templatetags.portal import zh_month_day

Entered = list[tuple[State, date]]
ORDINARY = frozenset({State.COORDINATION, State.MEETING_SCHEDULED})
"""Stations that the simple procedure leaves out, by one of their states."""


@dataclass(frozen=True)
class Line:
    """One line of the timeline (components/timeline.html)."""

    at: datetime
    text: str
    detail: str


def audit_lines(application: Application) -> list[Event]:
    """What was done to it, newest first. One query."""
    return list(Event.objects.about(application).filter(in_feed=True).only("at", "kind", "data", "by_label"))


# --- the track
def track(application: Application, lines: Sequence[Event]) -> list[dict[str, str]]:
    """The stations with their days; a simple case has no coordination and no meeting."""
    entered = [(State.DRAFT, _day(application.created_at))]
    entered += [(State(line.data["to"]), _day(line.at)) for line in reversed(lines) if "to" in line.data]
    stages = [stage for stage in STAGES if not _left_out(stage, application, entered)]
    here = _reached(State(application.state), entered, stages)
    return [_station(n - here, stage, application, entered) for n, stage in enumerate(stages)]


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _left_out(stage: Stage, application: Application, entered: Entered) -> bool:
    simple = application.procedure == Procedure.SIMPLE and bool(stage.states & ORDINARY)
    return simple and not any(state in stage.states for state, _on in entered)


def _reached(state: State, entered: Entered, stages: Sequence[Stage]) -> int:
    """The station where it stands; a withdrawn one stopped where it was withdrawn."""
    if state is State.WITHDRAWN:
        state = [reached for reached, _on in entered if reached is not State.WITHDRAWN][-1]
    return next(n for n, stage in enumerate(stages) if state in stage.states)


def _station(distance: int, stage: Stage, application: Application, entered: Entered) -> dict[str, str]:
    """`distance`: stations from the one where it stands; negative when passed."""
    visits = [n for n, (state, _on) in enumerate(entered) if state in stage.states]
    label = str(stage.label)
    if distance > 0:
        return {"label": label, "note": "", "state": ""}
    if distance == 0 and application.state not in CLOSED:
        return {"label": label, "note": _("%s起") % zh_month_day(entered[visits[-1]][1]), "state": "now"}
    if not visits:
        return {"label": label, "note": "", "state": "done"}
    first, last = entered[visits[0]][1], entered[min(visits[-1] + 1, len(entered) - 1)][1]
    note = zh_month_day(first) if first == last else f"{zh_month_day(first)}—{zh_month_day(last)}"
    if distance == 0:
        note = f"{application.state_label}，{zh_month_day(last)}"
    return {"label": label, "note": note, "state": "done"}


# --- the timeline
def _answers(found: Sequence[Event]) -> str:
    counts = Counter(str(line.data.get("stance", "")) for line in found)
    return _("%(count)s 个单位答复：%(said)s") % {"count": len(found), "said": spoken(counts)}


def _saves(found: Sequence[Event]) -> str:
    """Which parts, each once, in the order in which they were first changed."""
    labels = [change["label"] for line in reversed(found) for change in line.data.get("changed", [])]
    said = [_(label) for label in dict.fromkeys(labels)]
    times = _("修改申请，%s 次") % len(found)
    return times + _("：") + _("、").join(said) if said else times


FOLDED: dict[str, Callable[[Sequence[Event]], str]] = {
    "admission.application.give_opinion": _answers,
    "admission.application.acknowledge": lambda found: _("%s 个单位签收告知单") % len(found),
    "admission.application.save": _saves,
    "admission.application.add_file": lambda found: _("上传附件，%s 个") % len(found),
}
"""What many do one after another, or one does many times, is one line."""


def timeline(lines: Sequence[Event]) -> list[Line]:
    """What happened, newest first; runs of the same act on one day folded into one line."""
    said = []
    for (kind, _on), found in groupby(lines, key=lambda line: (line.kind, _day(line.at))):
        run = list(found)
        if kind in FOLDED and len(run) > 1:
            said.append(Line(run[0].at, FOLDED[kind](run), _by(run)))
        else:
            said += [Line(line.at, events.said(line), _detail(line)) for line in run]
    return said


def _by(run: Sequence[Event]) -> str:
    labels = {line.by_label for line in run}
    return labels.pop() if len(labels) == 1 else ""


def _detail(line: Event) -> str:
    said = [line.data.get("number"), line.data.get("reason"), line.data.get("text")]
    return _("：").join(filter(None, [line.by_label, _("，").join(str(part) for part in said if part)]))
