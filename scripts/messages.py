"""Collect every sentence of the interface into locale/en and compile it; `--check` says what is not translated.

What Django itself says of a field, and django-allauth of signing in, is said in our words in locale/zh_Hans,
written by hand and compiled here.

Pure Python (Babel, and Django's own reading of templates), so that no machine needs GNU gettext.
"""

import io
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "base", "communities", "worklists", "admission", "staff")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
OF_DJANGO = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
DATELESS = datetime(2018, 12, 3, tzinfo=UTC)  # Babel insists on a date in what it compiles


def sources() -> Iterator[tuple[Path, str]]:
    """Every file that can hold a sentence, templates turned into Python by Django itself."""
    from django.utils.translation.template import templatize  # noqa: PLC0415  needs the settings

    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "templates").rglob("*.html")):
        said = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield path, "\n".join(line.strip() for line in said.splitlines())


def collected() -> Catalog:
    """The catalogue of what is said today, untranslated."""
    catalog = Catalog(
        locale="en", domain="django", charset="utf-8", header_comment="# English of the portal.", fuzzy=False
    )
    for path, text in sources():
        lines = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
        for _line, message, _comments, context in lines:
            catalog.add(message, locations=[(path.relative_to(ROOT).as_posix(), 0)], context=context)
    return catalog


def translated() -> Catalog:
    """The catalogue as it is kept; empty when there is none."""
    if not PO.exists():
        return Catalog(locale="en", domain="django")
    with PO.open("rb") as kept:
        return read_po(kept, locale="en", domain="django")


def merged() -> tuple[Catalog, list[str]]:
    """What is said today with the translations that are kept; and what has none."""
    fresh, kept = collected(), translated()
    missing = []
    for message in fresh:
        if not message.id:
            continue
        known = kept.get(message.id, context=message.context)
        if known and all(known.string if isinstance(known.string, tuple) else [known.string]):
            message.string = known.string
        else:
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return fresh, missing


def stale() -> list[str]:
    """Translations of what is no longer said."""
    fresh = collected()
    return [str(row.id) for row in translated() if row.id and fresh.get(row.id, context=row.context) is None]


def write(catalog: Catalog) -> None:
    """Keep the catalogue, readable (.po) and compiled (.mo). No dates in it: it changes only when a sentence does."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    catalog.creation_date = catalog.revision_date = DATELESS
    text = io.BytesIO()
    write_po(text, catalog, no_location=True, omit_header=False, sort_output=True, width=120)
    lines = [line for line in text.getvalue().decode().splitlines() if "-Date:" not in line]
    PO.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with PO.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, catalog)


def compile_words_of_django() -> None:
    """The .mo of the sentences that take the place of Django's own."""
    with OF_DJANGO.open("rb") as kept, OF_DJANGO.with_suffix(".mo").open("wb") as compiled:
        catalog = read_po(kept, locale="zh_Hans", domain="django")
        catalog.creation_date = catalog.revision_date = DATELESS
        write_mo(compiled, catalog)


def main() -> int:
    """Collect and compile, or (`--check`) compare."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "for-checks-only")
    sys.path.insert(0, str(ROOT))
    django.setup()
    catalog, missing = merged()
    if "--check" in sys.argv:
        gone = stale()
        for text in [*missing, *gone]:
            sys.stdout.write(f"{text}\n")
        sys.stdout.write(f"{len(missing)} without English, {len(gone)} no longer said\n")
        return 1 if missing or gone else 0
    write(catalog)
    compile_words_of_django()
    sys.stdout.write(f"{len(catalog)} sentences, {len(missing)} without English\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
