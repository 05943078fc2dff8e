"""The reference pages are printed by commands from the tables in the code; this keeps or checks the copies."""

from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command

# page in docs/reference/ -> the command that prints it
PAGES = {"procedure.md": "procedure_diagram", "access.md": "access_matrix", "list-access.md": "list_access"}


class Command(BaseCommand):
    help = "Write docs/reference/ from the code. With --check: fail when a page differs. Safe to repeat."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check: bool, **options: object) -> None:
        stale = []
        for page, command in PAGES.items():
            path, text = settings.BASE_DIR / "docs/reference" / page, printed_by(command)
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            stale.append(page)
            if not check:
                write(path, text)
        if check and stale:
            raise CommandError(f"docs/reference/ differs from the code: {', '.join(stale)}. Run `make fix`.")
        self.stdout.write(f"docs/reference/: {'written: ' + ', '.join(stale) if stale else 'up to date'}")


def printed_by(command: str) -> str:
    output = StringIO()
    call_command(command, stdout=output)
    return output.getvalue()


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
