"""Tests that share something costly stay on one worker: otherwise each worker makes it again."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
NOT_COSTLY = {"test_messages.py", "base/test_components.py"}
"""Modules whose fixture is made in no time: a file that is read."""


def modules_that_share() -> list[str]:
    """The test modules with a fixture that is made once for all their tests."""
    found = (path for path in TESTS.rglob("test_*.py") if path != Path(__file__))
    shared = {path.relative_to(TESTS).as_posix() for path in found if 'scope="module"' in path.read_text("utf-8")}
    return sorted(shared - NOT_COSTLY)


@pytest.mark.xdist_group("groups")
def test_a_group_reaches_the_one_who_deals_out_the_tests(request):
    """xdist reads the group from the test's name, where its worker writes it; not every pytest lets it."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@groups")


def parts(name: str) -> Iterator[ast.AST]:
    """Everything that stands in a module."""
    return ast.walk(ast.parse((TESTS / name).read_text("utf-8")))


@pytest.mark.parametrize("name", modules_that_share())
def test_what_is_made_once_for_a_module_is_made_on_one_worker(name):
    assert any(isinstance(node, ast.Attribute) and node.attr == "xdist_group" for node in parts(name))


@pytest.mark.parametrize("name", modules_that_share())
def test_what_parametrize_fills_in_is_made_once_too(name):
    """Its scope overrules that of the fixture, and is one test where nothing is said."""
    told = [{keyword.arg for keyword in node.keywords} for node in parts(name) if isinstance(node, ast.Call)]
    assert [words for words in told if "indirect" in words and "scope" not in words] == []
