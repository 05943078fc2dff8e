"""The pages for developers do not drift from the code."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from config.management.commands.reference import PAGES

ROOT = Path(settings.BASE_DIR)
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for app in ("base", "communities", "worklists", "admission")
    for path in (ROOT / app).rglob("*.py")
)


def test_reference_pages_are_drawn_from_the_code():
    said = StringIO()
    call_command("reference", "--check", stdout=said)
    assert said.getvalue().strip() == "docs/reference/: up to date"
    assert all((ROOT / "docs/reference" / page).stat().st_size > 1000 for page in PAGES)


def test_every_name_of_the_glossary_exists():
    rows = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    cells = (row.rsplit("|", 2)[1] for row in rows if row.startswith("| ") and not row.startswith("| Chinese"))
    names = {part for cell in cells for name in re.findall(r"`([^`]+)`", cell) for part in name.split(".")}
    assert len(names) > 40
    assert sorted(name for name in names if not re.search(rf"\b{name}\b", CODE)) == []


def test_every_setting_of_the_environment_is_in_the_readme():
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", (ROOT / "config/settings.py").read_text(encoding="utf-8")))
    for path in (ROOT / "config").rglob("*.py"):
        read |= set(re.findall(r"os\.environ\.get\(\"([A-Z_]+)\"", path.read_text(encoding="utf-8")))
    described = set(re.findall(r"`([A-Z_]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert sorted(read - described - {"PATH"}) == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs/adr").glob("0*.md")), ids=lambda page: page.stem)
def test_a_decision_gives_its_reason_and_its_price(page):
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.stem[:4]} ")
    assert all(f"**{part}.**" in text for part in ("Decided", "Why", "Price"))
