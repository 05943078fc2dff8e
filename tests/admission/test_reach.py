"""A change and an exit reach those on whose list the item stands, not only those on whose list it will stand."""

import pytest
from django.urls import reverse

from admission import actions
from admission.actions.consultation import bodies_of
from admission.models import Application, NoticeReceipt
from admission.procedure import Kind
from base.errors import RuleViolation
from base.models import Event
from tests.admission import world as ways
from tests.admission.signing import signed_in
from worklists.models import ItemVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(world):
    """Admitted for both streets and their communities."""
    return ways.noticed(world).item


def codes(bodies) -> list[str]:
    return sorted(body.code for body in bodies)


def everybody(world) -> list[str]:
    return codes([*world.streets, *world.communities])


def narrowed(world, item):
    """A change that keeps the item in one street only."""
    draft = ways.drafted(world, kind=Kind.CHANGE, item=item)
    rows = actions.DraftRows(scope=world.streets[:1])
    return actions.save_draft(draft, by=world.actors["dept"], at=world.at(), rows=rows)


def test_who_loses_an_item_by_a_change_is_asked_and_told(world, item):
    application = narrowed(world, item)
    assert codes(bodies_of(application)) == everybody(world)
    application = ways.carry_through(world, application)
    receipts = NoticeReceipt.objects.filter(notice__application=application, body__isnull=False)
    assert codes(receipt.body for receipt in receipts.select_related("body")) == everybody(world)
    asked = [world.actors[name] for name in ("street0", "street1", "community0", "community3")]
    assert all(Application.objects.visible_to(who).filter(pk=application.pk).exists() for who in asked)
    last = ItemVersion.objects.known().filter(item=item).order_by("-in_force").first()
    assert [scope.code for scope in last.scopes.all()] == [world.streets[0].code]


def test_the_log_names_who_loses_an_item_and_the_list_narrowed_to_its_street_finds_it(world, item):
    application = narrowed(world, item)
    assert audience(application) == [world.streets[0].code]
    application = actions.open_consultation(application, by=world.actors["dept"], at=world.at())
    lost = [place.code for place in world.communities if place.code.startswith(world.streets[1].code)]
    assert lost
    assert audience(application) == [world.streets[0].code, *lost]
    client = signed_in(world.actors["office"])
    page = client.get(reverse("admission:applications"), {"view": "all", "street": world.streets[1].code})
    assert application.pk in {row["application"].pk for row in page.context["rows"]}


def test_before_there_is_a_scope_the_log_names_the_county(world):
    draft = actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.ADMISSION)
    assert audience(draft) == [world.county.code]


def audience(application: Application) -> list[str]:
    """Whose people may know of what was done last."""
    line = Event.objects.about(application).first()
    assert line is not None
    return line.audience


def test_who_loses_an_item_by_its_kind_of_community_is_asked(world, item):
    draft = ways.drafted(world, kind=Kind.CHANGE, item=item)
    draft = actions.save_draft(draft, by=world.actors["dept"], at=world.at(), fields={"applies_to": "rural"})
    assert codes(bodies_of(draft)) == everybody(world)


def test_an_exit_is_of_the_whole_item(world, item):
    draft = actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.EXIT, item=item)
    assert codes(draft.scope.all()) == codes(world.streets)
    with pytest.raises(RuleViolation, match="退出是整项退出"):
        actions.save_draft(
            draft, by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(scope=world.streets[:1])
        )
    same = actions.DraftRows(scope=world.streets)
    assert codes(bodies_of(actions.save_draft(draft, by=world.actors["dept"], at=world.at(), rows=same))) == everybody(
        world
    )


def test_a_new_item_reaches_its_own_scope_alone(world):
    draft = ways.drafted(world)
    rows = actions.DraftRows(scope=world.communities[:1])
    draft = actions.save_draft(draft, by=world.actors["dept"], at=world.at(), rows=rows)
    assert codes(bodies_of(draft)) == codes([world.streets[0], world.communities[0]])
