"""Who may take which step, as a page."""

from collections.abc import Iterator

from django.core.management import BaseCommand
from django.utils import translation

from admission.access import WHO_MAY, Who


class Command(BaseCommand):
    """Prints docs/reference/access.md."""

    help = "Print who may take which step of the procedure as Markdown."
    requires_system_checks: list[str] = []

    def handle(self, **options: object) -> None:
        """The page on standard output, in the language of the procedure."""
        with translation.override("zh-hans"):
            self.stdout.write("\n".join(page()))


def page() -> Iterator[str]:
    """The lines of the page: who, what that means, what everybody else is told; then step by step."""
    parties = list(dict.fromkeys(WHO_MAY.values()))
    yield "# Who may take which step"
    yield ""
    yield "Drawn from `admission/access.py`; `make fix` writes it anew."
    yield "Who may *see* a row is another question: `visible_to` on its queryset."
    yield ""
    yield "| Who | Meaning | Anybody else is told |"
    yield "|---|---|---|"
    for who in parties:
        yield f"| `{name(who)}` | {(who.may.__doc__ or '').strip().splitlines()[0]} | {who.else_says} |"
    yield ""
    yield f"| Step | {' | '.join(f'`{name(who)}`' for who in parties)} |"
    yield f"|---|{'|'.join(':-:' for _ in parties)}|"
    for step, may in WHO_MAY.items():
        marks = " | ".join("x" if who is may else " " for who in parties)
        yield f"| {step.label} `{step.value}` | {marks} |"


def name(who: Who) -> str:
    """The rule's name."""
    return who.may.__name__
