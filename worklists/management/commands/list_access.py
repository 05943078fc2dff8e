"""Who may do what with the lists and at the receiving end, as a page."""

from collections.abc import Iterator

from django.core.management import BaseCommand
from django.utils import translation

from worklists.access import WHO_MAY


class Command(BaseCommand):
    """Prints docs/reference/list-access.md."""

    help = "Print who may do which act of the lists and the receiving end as Markdown."
    requires_system_checks: list[str] = []

    def handle(self, **options: object) -> None:
        """The page on standard output, in the language of the sentences."""
        with translation.override("zh-hans"):
            self.stdout.write("\n".join(page()))


def page() -> Iterator[str]:
    """The lines of the page: each act, who may, what everybody else is told."""
    yield "# Who may do what with the lists and at the receiving end"
    yield ""
    yield "Drawn from `worklists/access.py`; `make fix` writes it anew."
    yield "Who may *see* a row is another question: `visible_to` on its queryset. Who handles a report, and so may pass"
    yield "it on, close it or make it a supervision case, hangs on the report: `access.handles`."
    yield ""
    yield "| Act | Rule | Who | Anybody else is told |"
    yield "|---|---|---|---|"
    for act, (rule, reason) in WHO_MAY.items():
        who = " ".join(line.strip() for line in (rule.__doc__ or "").strip().splitlines())
        yield f"| `{act.value}` | `{rule.__name__}` | {who} | {reason} |"
