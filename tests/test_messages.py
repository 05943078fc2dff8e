"""What people read is written once, in Chinese, marked for translation, and its English is complete."""

import ast
import importlib.util
import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
FULL_WIDTH = re.compile("[\u4e00-\u9fff，。；：！？（）、]")
PLACEHOLDER = re.compile(r"%\(\w+\)[-0-9.]*[a-z]|%[-0-9.]*[sdf]|\{\w+\}")
QUOTED = re.compile(r"\"[^\"]*\"")  # numbers of documents, columns of files: data, the same in every language
MARKS = frozenset({
    "_", "gettext", "gettext_lazy", "lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
})  # fmt: skip
SPOKEN_IN_TEMPLATES = [
    re.compile(r"{#.*?#}"),
    re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}", re.DOTALL),
    re.compile(r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}", re.DOTALL),
    re.compile(r"{%\s*translate\s+(?:\"[^\"]*\"|'[^']*')"),
    re.compile(r"\b_\((?:\"[^\"]*\"|'[^']*')\)"),
]

# Chinese that stays Chinese, by file (and name in it): every other literal of the code is marked for translation.
DATA = {
    "config/demo.py": "terminal, before the portal runs",
    "config/demo_county": "the demo county: its people write Chinese",
    "config/embedded": "terminal, before the portal runs",
    "config/management/commands/seed_demo.py": "terminal, the demo county",
    "config/settings.py": "the sender of e-mail has one name",
    "config/styleguide": "samples, shown to developers only",
    "admission/presentation/notice.py:NUMERALS": "the work notice is an official document: always Chinese",
    "admission/presentation/notice.py:normalised": "numbers of documents are always Chinese",
    "admission/rules.py": "values of settings: formats of document numbers",
    "base/calendar.py:_notice": "names of days as the holiday notice prints them",
    "base/management/commands/import_holidays.py": "columns of a file; who is named in the audit log",
    "base/admin.py": "who is named in the audit log",
    "base/templatetags/portal.py": "days in Chinese; beside each stands the English form",
    "base/telephone.py": "how an extension is written, compared",
    "base/workdays.py": "names of days, translated where they are shown",
    "admission/presentation/clocks.py": "names of days from base.workdays, compared",
    "communities/choices.py:PARTY": "the end of a unit's name, compared",
    "communities/codes.py": "names of communities, compared",
    "communities/imports/reading.py": "columns and words of the files of divisions",
    "communities/roles.py:system": "who is named in the audit log",
    "worklists/actions/_versions.py:scope_text": "text kept with the item",
    "worklists/actions/adoption.py:_leave_out": "text kept with the entry",
    "worklists/actions/_beside.py:NOT_IN_THE_FILE": "text kept with the entry",
    "worklists/candidates.py:ASKED_AS": "words that somebody typed, compared",
    "worklists/lists.py:MARKS": "the signs of a printed list",
    "worklists/receiving/actions.py:close_as_confirmed": "text kept with the report",
    "worklists/receiving/masking.py": "words that are masked",
    "worklists/rows.py": "columns and words of the files of lists",
    "worklists/rules.py": "values of settings: the name of a unit, formats of document numbers",
}
SAMPLES = {
    "styleguide.html": "samples, shown to developers only",
    "components/language.html": "the name of a language, in that language",
}


def collector() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages_script", ROOT / "scripts/messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return collector()


def pairs(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Each sentence with each of its English forms."""
    for message in catalog:
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[0]
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            yield from ((source, form) for form in forms)


# --- the catalogue ---------------------------------------------------------------------------------------------------
def test_every_sentence_has_its_english(script):
    catalog, missing = script.merged()
    assert len(catalog) > 2000
    assert missing == []


def test_nothing_is_kept_that_is_no_longer_said(script):
    assert script.stale() == []


def test_placeholders_are_the_same_in_english(script):
    differ = [
        (source, english)
        for source, english in pairs(script.translated())
        if set(PLACEHOLDER.findall(source)) != set(PLACEHOLDER.findall(english))
        or [mark for mark in PLACEHOLDER.findall(source) if "(" not in mark and "{" not in mark]
        != [mark for mark in PLACEHOLDER.findall(english) if "(" not in mark and "{" not in mark]
    ]
    assert differ == []


def test_english_is_english(script):
    found = [english for _source, english in pairs(script.translated()) if FULL_WIDTH.search(QUOTED.sub("", english))]
    assert [english for english in found if "区划代码" not in english] == []


def test_the_compiled_catalogue_is_the_readable_one(script):
    def said(catalog: Catalog) -> dict[object, object]:
        return {(str(row.id), row.context): row.string for row in catalog if row.id}

    kept = script.translated()
    with script.PO.with_suffix(".mo").open("rb") as compiled:
        shown = read_mo(compiled)
    again = io.BytesIO()
    write_mo(again, kept)
    again.seek(0)
    assert said(shown) == said(read_mo(again))
    assert said(shown)


def test_a_lost_placeholder_would_be_found():
    assert PLACEHOLDER.findall("%(n)s 项，%d 行，{year}") == ["%(n)s", "%d", "{year}"]


def test_no_date_makes_the_catalogue_differ(script, tmp_path, monkeypatch):
    """It changes only when a sentence does."""
    monkeypatch.setattr(script, "PO", tmp_path / "django.po")
    catalog = Catalog(locale="en", domain="django", fuzzy=False)
    catalog["好"] = Message("好", "good")
    script.write(catalog)
    dates = re.findall(rb"-Date: (\S+)", script.PO.with_suffix(".mo").read_bytes() + script.PO.read_bytes())
    assert set(dates) == {script.DATELESS.date().isoformat().encode()}


# --- everything is marked --------------------------------------------------------------------------------------------
def unmarked_in_template(text: str) -> list[str]:
    for spoken in SPOKEN_IN_TEMPLATES:
        text = spoken.sub(lambda found: "\n" * found.group().count("\n"), text)
    return [
        f"{number}: {line.strip()[:90]}" for number, line in enumerate(text.splitlines(), 1) if FULL_WIDTH.search(line)
    ]


PAGES = sorted(path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.*"))


@pytest.mark.parametrize(
    "template", [page for page in PAGES if page.endswith((".html", ".txt")) and page not in SAMPLES]
)
def test_templates_mark_what_they_say(template):
    assert unmarked_in_template((ROOT / "templates" / template).read_text(encoding="utf-8")) == []


def test_an_unmarked_sentence_in_a_template_is_found():
    said = '<p>{% translate "好" %}{{ rows|join:_("、") }}</p>{# 说明 #}\n<p>再看{{ x }}</p>'
    assert unmarked_in_template(said) == ["2: <p>再看{{ x }}</p>"]


def _targets(node: ast.AST) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else []


def _names(node: ast.AST) -> str:
    """What a statement of a module defines."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return node.name
    if targets := _targets(node):
        return getattr(targets[0], "id", "")
    return getattr(getattr(node, "target", None), "id", "")


def _inside(node: ast.AST) -> set[int]:
    return {id(child) for child in ast.walk(node) if isinstance(child, ast.Constant)}


def _not_shown(tree: ast.Module) -> set[int]:
    """Literals that are marked, and docstrings."""
    found: set[int] = set()
    for node in ast.walk(tree):
        marked = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in MARKS
        if marked or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            found |= _inside(node)
    return found


def unmarked_in_code(text: str) -> list[tuple[str, int, str]]:
    """(name of the definition around it, line, literal)."""
    tree = ast.parse(text)
    fine = _not_shown(tree)
    return [
        (_names(statement), node.lineno, node.value)
        for statement in tree.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and IDEOGRAPH.search(node.value)
        and id(node) not in fine
    ]


def allowed(path: str, name: str) -> bool:
    parents = [parent.as_posix() for parent in Path(path).parents]
    return any(place in DATA for place in [path, f"{path}:{name}", *parents])


CODE = sorted(
    path.relative_to(ROOT).as_posix()
    for app in ("config", "base", "communities", "worklists", "admission", "staff")
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
)


def test_code_marks_what_it_says():
    found = [
        f"{path}:{line} {literal}"
        for path in CODE
        for name, line, literal in unmarked_in_code((ROOT / path).read_text(encoding="utf-8"))
        if not allowed(path, name)
    ]
    assert found == []


def marked_in_code(text: str) -> Iterator[str]:
    """What is handed to a mark of translation, first or (pgettext) second."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in MARKS:
            said = node.args[1:] if getattr(node.func, "id", "").startswith("pgettext") else node.args[:1]
            yield from (part.value for part in said if isinstance(part, ast.Constant) and isinstance(part.value, str))


def test_the_collector_finds_what_is_marked(script):
    """It reads words, not trees: a mark inside an f-string, or under another name, would be lost."""
    known = {one for message in script.collected() if message.id for one in (message.id, *message.id)}
    found = {
        f"{path}: {sentence}"
        for path in CODE
        for sentence in marked_in_code((ROOT / path).read_text(encoding="utf-8"))
        if FULL_WIDTH.search(sentence) and sentence not in known
    }
    assert sorted(found) == []


def test_every_exception_is_still_needed():
    used = set()
    for path in CODE:
        for name, _line, _literal in unmarked_in_code((ROOT / path).read_text(encoding="utf-8")):
            used |= {path, f"{path}:{name}", *(parent.as_posix() for parent in Path(path).parents)}
    assert sorted(set(DATA) - used) == []


def test_an_unmarked_sentence_in_code_is_found():
    said = 'def refuse():\n    """中文"""\n    record(says=f"做了{1}")\n    raise Error(_("好") + "不行")\n'
    assert sorted(unmarked_in_code(said)) == [("refuse", 3, "做了"), ("refuse", 4, "不行")]
