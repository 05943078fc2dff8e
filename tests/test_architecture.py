"""What no linter says about the shape of the code."""

import ast
import importlib.util
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
BUSINESS = [name for name in ("base", "communities", "worklists", "admission", "staff") if (ROOT / name).is_dir()]
LONGEST_MODULE = 300
WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
}  # fmt: skip
DOORWAYS = {"web", "api", "management", "tasks", "admin", "templatetags", "actors", "migrations"}
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime"}
HTTP = ("django.http", "django.shortcuts", "django.views", "django.forms", "django.contrib.messages")
MEANINGLESS = {"services", "helpers", "utils", "managers", "common", "misc"}
INLINE = re.compile(
    r"<script(?![^>]*(?:\ssrc=|type=\"application/json\"))|<style\b|\sstyle=\"|\son[a-z]+=\"|javascript:"
)
COMPONENT = re.compile(r"{%\s*include\s+\"components/[^%]*%}")


def modules(*packages: str) -> list[Path]:
    found = (path for package in packages for path in (ROOT / package).rglob("*.py"))
    return sorted(path.relative_to(ROOT) for path in found if "migrations" not in path.parts)


def words(path: Path) -> set[str]:
    """The parts of a module's name: admission/web/views.py -> admission, web, views."""
    return {*path.parts[:-1], path.stem}


def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def method_calls(path: Path) -> Iterator[ast.Call]:
    return (n for n in ast.walk(tree(path)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


ALL = modules("config", *BUSINESS)
INTERFACES = [path for path in ALL if words(path) & {"web", "api", "views", "home"} and path.parts[0] != "tests"]
RULES = [path for path in modules(*BUSINESS) if not words(path) & DOORWAYS]
ACTIONS = [path for path in RULES if "actions" in words(path)]
MODELS = [path for path in RULES if "models" in words(path)]
TEMPLATES = sorted(path.relative_to(ROOT) for path in (ROOT / "templates").rglob("*.html"))


def test_there_is_something_to_look_at():
    assert len(RULES) > 5
    assert MODELS


@pytest.mark.parametrize("path", ALL, ids=str)
def test_modules_are_short_and_named_for_what_they_know(path):
    length = len((ROOT / path).read_text(encoding="utf-8").splitlines())
    assert length <= LONGEST_MODULE
    assert path.stem not in MEANINGLESS


@pytest.mark.parametrize("path", INTERFACES, ids=str)
def test_interfaces_never_write(path):
    assert {call.func.attr for call in method_calls(path)}.isdisjoint(WRITES)


@pytest.mark.parametrize("path", [*ACTIONS, *MODELS], ids=str)
def test_business_code_does_not_know_http(path):
    assert [name for name in imports(path) if name.startswith(HTTP)] == []


@pytest.mark.parametrize("path", RULES, ids=str)
def test_only_doorways_read_the_clock(path):
    """`at` is passed in. With an argument (localdate(at)) these functions only convert."""
    read = {call.func.attr for call in method_calls(path) if not (call.args or call.keywords)}
    assert read.isdisjoint(CLOCKS)


@pytest.mark.parametrize("path", MODELS, ids=str)
def test_models_hold_facts(path):
    """No save() or delete() override, no default order, no signal."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef):
            methods = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
            names = {
                target.id
                for item in node.body
                if isinstance(item, ast.Assign)
                for target in item.targets
                if isinstance(target, ast.Name)
            }
            assert methods.isdisjoint({"save", "delete"}) or node.name.endswith("QuerySet"), node.name
            assert node.name != "Meta" or "ordering" not in names
    assert not any("signals" in name or name == "django.dispatch" for name in imports(path))


def acts() -> Iterator[tuple[str, Callable[..., object]]]:
    """What <app>/actions/__init__.py lists, or the public functions of <app>/actions.py."""
    for app in BUSINESS:
        if not importlib.util.find_spec(f"{app}.actions"):
            continue
        module = importlib.import_module(f"{app}.actions")
        for name in getattr(module, "__all__", None) or vars(module):
            found = getattr(module, name)
            if inspect.isfunction(found) and not name.startswith("_") and found.__module__.startswith(f"{app}.actions"):
                yield f"{app}.{name}", found


@pytest.mark.parametrize(("name", "act"), sorted(acts()))
def test_an_act_says_who_and_when(name, act):
    """Only the subject is positional; who acts and when are named at every call."""
    parameters = inspect.signature(act).parameters.values()
    named = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY}
    assert {"by", "at"} <= named
    assert sum(each.kind is each.POSITIONAL_OR_KEYWORD for each in parameters) <= 1


def test_every_constraint_has_a_test_that_breaks_it():
    tested = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    ours = (model for model in apps.get_models() if model._meta.app_label in BUSINESS)
    names = {constraint.name for model in ours for constraint in model._meta.constraints}
    assert sorted(name for name in names if name not in tested) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_templates_obey_the_content_security_policy(path):
    assert INLINE.findall((ROOT / path).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_components_are_included_with_stated_inputs(path):
    includes = COMPONENT.findall((ROOT / path).read_text(encoding="utf-8"))
    assert [include for include in includes if not re.search(r"\sonly\s*%}$", include)] == []
