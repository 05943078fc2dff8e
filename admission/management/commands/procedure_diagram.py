"""The procedure as a page: states and steps drawn from the tables, in Mermaid, with what each step needs."""

from collections.abc import Iterator

from django.core.management import BaseCommand
from django.utils import translation

from admission.conditions import CONDITIONS, Condition
from admission.deadlines import CLOCKS, PERIODS
from admission.procedure import BEFORE_DECISION, ORDINARY_ONLY, TRANSITIONS, State, Step


class Command(BaseCommand):
    """Prints docs/reference/procedure.md."""

    help = "Print the procedure (states, steps, conditions, clocks) as Markdown with a Mermaid diagram."
    requires_system_checks: list[str] = []

    def handle(self, **options: object) -> None:
        """The page on standard output, in the language of the procedure."""
        with translation.override("zh-hans"):
            self.stdout.write("\n".join(page()))


def page() -> Iterator[str]:
    """The lines of the page."""
    yield "# The procedure"
    yield ""
    yield "Drawn from `admission/procedure.py`, `conditions.py` and `deadlines.py`; `make fix` writes it anew."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from (f'  state "{state.label}" as {state.value}' for state in State)
    yield f"  [*] --> {State.DRAFT.value}"
    for step, start, end in arrows():
        yield f"  {start.value} --> {end.value}: {step.label}"
    yield "```"
    yield ""
    yield f"{Step.WITHDRAW.label} leads from every state before the decision to {State.WITHDRAWN.label}: not drawn."
    yield ""
    yield "## Steps"
    yield ""
    yield "| Step | Name | From | To | Conditions | Procedure |"
    yield "|---|---|---|---|---|---|"
    for step, (starts, end) in TRANSITIONS.items():
        needs = "<br>".join(said(condition) for condition in CONDITIONS[step]) or "none"
        which = "ordinary only" if step in ORDINARY_ONLY else "both"
        yield f"| {step.label} | `{step.value}` | {before(starts)} | {end.label} | {needs} | {which} |"
    yield ""
    yield "## Clocks"
    yield ""
    yield "Working days; a county may set others, with their basis."
    yield ""
    yield "| Clock | Working days | Basis | Moved by |"
    yield "|---|---|---|---|"
    for clock, period in PERIODS.items():
        moves = [f"{turn.value}: {step.label}" for step, row in CLOCKS.items() for turn, moved in row if moved is clock]
        yield f"| {clock.label} | {period.workdays} | {period.basis} | {'<br>'.join(moves)} |"


def arrows() -> Iterator[tuple[Step, State, State]]:
    """Each arrow of the diagram, in the order of the states."""
    for start in State:
        for step, (starts, end) in TRANSITIONS.items():
            if start in starts and step is not Step.WITHDRAW:
                yield step, start, end


def before(starts: frozenset[State]) -> str:
    """The states a step starts from."""
    if starts >= BEFORE_DECISION:
        return "、".join(["every state before the decision", *(str(state.label) for state in starts - BEFORE_DECISION)])
    return "、".join(str(state.label) for state in State if state in starts)


def said(condition: Condition) -> str:
    """A condition by name, with the first line of what it says of itself."""
    return f"`{condition.__name__}`: {(condition.__doc__ or '').strip().splitlines()[0]}"
