"""Near duplicates inside one list: found on the real guidance list, shown to whoever may read the edition."""

import csv
from datetime import date

import pytest
from django.urls import reverse

from communities.roles import Role
from tests.factories import city_edition, county_draft, row
from tests.worklists.test_finding import GUIDANCE
from worklists.candidates import near_pairs
from worklists.models import ListEntry
from worklists.overlap import Candidate, Corpus
from worklists.thesaurus import standard

pytestmark = pytest.mark.django_db
HOUSES, HOUSES_AGAIN, LIGHTS = "非法建房的排查与整治", "非法建房排查", "路灯报修"


def names_of(pairs):
    return {frozenset((pair.first.fields["title"], pair.second.fields["title"])) for pair in pairs}


def corpus(titles):
    return Corpus([Candidate("entry", str(n), {"title": title}) for n, title in enumerate(titles)], standard())


def test_what_an_editor_should_see_on_the_real_guidance_list():
    """The near duplicates that the rulebook names (section 9), and not one half of the list with the other."""
    with GUIDANCE.open(encoding="utf-8-sig", newline="") as lines:
        titles = [line["title"] for line in csv.DictReader(lines)]
    pairs = corpus(titles).pairs()
    found = {frozenset(name[:8] for name in pair) for pair in names_of(pairs)}
    assert frozenset(("非法建房的排查与", "非法建房排查")) in found
    assert frozenset(("加强安全生产网格", "安全生产网格化管")) in found
    assert frozenset(("小型水利工程日常", "小水库、山平塘、")) in found
    assert frozenset(("美丽宜居乡村建设", "美丽乡村建设")) in found
    assert len(pairs) <= 20
    assert [pair.score for pair in pairs] == sorted((pair.score for pair in pairs), reverse=True)


def test_the_order_in_which_they_stand_changes_nothing():
    titles = [LIGHTS, HOUSES, "广场舞噪声劝导", HOUSES_AGAIN]
    assert names_of(corpus(titles).pairs()) == {frozenset((HOUSES, HOUSES_AGAIN))}
    assert names_of(corpus(titles[::-1]).pairs()) == {frozenset((HOUSES, HOUSES_AGAIN))}


def test_the_same_words_in_both_names_are_marked():
    (pair,) = corpus([HOUSES, HOUSES_AGAIN, LIGHTS]).pairs()
    first, second = (
        "".join(name[start:end] for start, end in spans)
        for name, spans in zip((HOUSES, HOUSES_AGAIN), pair.marks, strict=True)
    )
    assert first.startswith("非法建房")
    assert second == HOUSES_AGAIN


@pytest.fixture
def edition(city):
    return city_edition(
        city, rows=[row(1, HOUSES, department="国土资源局"), row(2, LIGHTS), row(3, HOUSES_AGAIN, department="城管局")]
    )


def test_everybody_reads_the_pairs_of_a_published_edition(client, edition):
    url = reverse("worklists:edition-near", args=[edition.pk])
    assert url in client.get(reverse("worklists:edition", args=[edition.pk])).content.decode()
    html = client.get(url).content.decode()
    assert "有 <b>1</b> 对名称相近" in html
    assert "国土资源局" in html
    assert LIGHTS not in html


def test_a_draft_says_how_many_pairs_it_has_until_one_is_dropped(county, edition, sign_in):
    draft = county_draft(edition, county, starts_on=date(2027, 1, 1))
    client = sign_in(Role.OFFICE)
    page = reverse("worklists:edition", args=[draft.pk])
    assert "有 1 对事项名称相近" in client.get(page).content.decode()
    html = client.get(reverse("worklists:edition-near", args=[draft.pk])).content.decode()
    assert reverse("worklists:entry", args=[draft.pk, 3]) in html
    draft.entries.filter(seq=3).update(fate=ListEntry.Fate.DROPPED, reason="与第 1 项重复。")
    assert near_pairs(draft.entries.exclude(fate=ListEntry.Fate.DROPPED)) == []
    assert "名称相近，请看看" not in client.get(page).content.decode()


def test_a_list_without_any_says_so(client, city):
    edition = city_edition(city, LIGHTS, "广场舞噪声劝导")
    assert "没有名称相近的事项" in client.get(reverse("worklists:edition-near", args=[edition.pk])).content.decode()
