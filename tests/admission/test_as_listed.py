"""An exit is of the item as it is listed; a change that renames it is read beside its listed name (art 10)."""

import pytest
from django.urls import reverse

from admission import actions
from admission.models import Application, Opinion
from admission.procedure import Kind
from admission.requirements import AS_LISTED
from base.errors import RuleViolation
from tests.admission import world as ways
from tests.admission.browsing import signed_in
from tests.admission.filling import address, fill_in

pytestmark = pytest.mark.django_db


def test_an_exit_does_not_ask_for_what_the_list_says_but_shows_it(world):
    draft = ways.drafted(world, kind=Kind.EXIT, item=ways.noticed(world, subject_type="ledger").item)
    page = signed_in(world, "dept").get(address(draft, "basics"))
    [basics] = page.context["filled"]
    assert not set(AS_LISTED) & set(basics.form.fields)
    html = page.content.decode()
    said = (draft.title, "台账", draft.get_category_display())
    assert [word for word in said if f"<dd>{word}" not in html] == []


@pytest.mark.parametrize(
    ("name", "value"), [("title", "别的名称"), ("subject_type", "ledger"), ("category", "undertake")]
)
def test_an_exit_is_of_nothing_but_what_is_listed(world, name, value):
    draft = ways.drafted(world, kind=Kind.EXIT, item=ways.noticed(world).item)
    fill_in(signed_in(world, "dept"), draft, "basics", **{name: value})
    assert getattr(Application.objects.get(pk=draft.pk), name) == ways.FIELDS.get(name, "work_item")
    with pytest.raises(RuleViolation, match="以清单为准"):
        actions.save_draft(draft, by=world.actors["dept"], at=world.at(), fields={name: value})


def test_an_exit_begun_under_another_name_is_put_to_consultation_as_listed(world):
    draft = ways.drafted(world, kind=Kind.EXIT, item=ways.noticed(world).item)
    Application.objects.filter(pk=draft.pk).update(title="以前改过的名称", category="undertake")
    asked = actions.open_consultation(draft, by=world.actors["dept"], at=world.at())
    assert (asked.title, asked.category) == (ways.FIELDS["title"], "assist")
    assert asked.plans.get().form["title"] == ways.FIELDS["title"]


def test_an_exit_leaves_where_the_item_is_listed_now(world):
    """A change has moved it since the exit was begun."""
    draft = ways.drafted(world, kind=Kind.EXIT, item=ways.noticed(world).item)
    draft.scope.set(world.streets[:1])
    asked = actions.open_consultation(draft, by=world.actors["dept"], at=world.at())
    assert set(asked.scope.all()) == set(world.streets)
    bodies = {opinion.body for opinion in Opinion.objects.filter(round__application=asked)}
    assert bodies == {*world.streets, *world.communities}


def test_an_exit_does_not_begin_with_the_work_that_it_ends(world):
    item = ways.noticed(world).item
    exit_ = actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.EXIT, item=item)
    change = actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.CHANGE, item=item)
    assert (exit_.plans.get().community_does, exit_.plans.get().requirements) == ("", "")
    assert change.plans.get().community_does == ways.PLAN["community_does"]


@pytest.mark.parametrize("name", ["dept", "street0", "community1", "office"])
def test_a_change_that_renames_is_read_beside_its_listed_name(world, name):
    item = ways.noticed(world).item
    world.title = "充电安全隐患登记"
    change = ways.awaiting(world, kind=Kind.CHANGE, item=item)
    said = f"对应清单事项：{item.code} {ways.FIELDS['title']}"
    pages = [reverse("admission:application", args=[change.pk])]
    own = Opinion.objects.filter(round__application=change, body__code=world.actors[name].code).first()
    pages += [reverse("admission:opinion", args=[own.pk])] if own else []
    client = signed_in(world, name)
    assert [page for page in pages if said not in client.get(page).content.decode()] == []


def test_a_change_that_keeps_the_name_says_nothing_twice(world):
    change = ways.consulted(world, kind=Kind.CHANGE, item=ways.noticed(world).item)
    html = signed_in(world, "office").get(reverse("admission:application", args=[change.pk])).content.decode()
    assert "对应清单事项：" not in html


def test_the_notice_of_a_change_that_renames_names_what_was_listed(world):
    item = ways.noticed(world).item
    world.title = "充电安全隐患登记"
    notice = ways.noticed(world, kind=Kind.CHANGE, item=item).notice
    html = signed_in(world, "community0").get(reverse("admission:notice", args=[notice.pk])).content.decode()
    assert f"对应清单事项：{item.code} {ways.FIELDS['title']}" in html
