"""A draft is made only of what fits together: its kind and its item, its applicant and its county (art 5, 9, 10)."""

import pytest

from admission import actions
from admission.models import Application
from admission.procedure import Kind
from base.errors import NotAllowed, RuleViolation
from communities.models import Department, Division
from tests.admission import world as ways
from tests.admission.signing import send, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", [Kind.ADMISSION, Kind.CONFIRMATION])
def test_what_stands_on_the_list_is_neither_admitted_nor_confirmed_again(world, kind):
    item = ways.noticed(world).item
    with pytest.raises(RuleViolation, match="清单上已有"):
        actions.draft_application(by=world.actors["dept"], at=world.at(), kind=kind, item=item)
    assert not Application.objects.filter(kind=kind, state="draft").exists()


@pytest.mark.parametrize("kind", [Kind.CHANGE, Kind.EXIT])
def test_a_change_and_an_exit_are_of_an_item_from_the_first_day(world, kind):
    with pytest.raises(RuleViolation, match="先选定清单上的事项"):
        actions.draft_application(by=world.actors["dept"], at=world.at(), kind=kind)
    assert not Application.objects.exists()


def test_an_admission_does_not_take_the_item_of_a_refused_change(world):
    item = ways.noticed(world).item
    refused = ways.awaiting(world, kind=Kind.CHANGE, item=item, conclusion="refuse")
    refused = actions.reject(refused, by=world.actors["deputy"], at=world.at(), text="不宜。")
    with pytest.raises(RuleViolation, match="清单上已有"):
        actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.ADMISSION, earlier=refused)
    again = actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.CHANGE, earlier=refused)
    assert again.item == item


def test_a_street_prepares_for_the_departments_of_its_county_alone(world):
    elsewhere = Division.objects.create(code="430204", name="石峰区", kind="county")
    foreign = Department.objects.create(division=elsewhere, name="石峰区应急管理局")
    with pytest.raises(NotAllowed, match="本区县"):
        actions.draft_application(by=world.actors["street0"], at=world.at(), kind=Kind.ADMISSION, applicant=foreign)
    assert not Application.objects.exists()


@pytest.mark.parametrize("address", ["?kind=admission&item={item}", "?kind=confirmation&item={item}", "?kind=change"])
def test_an_address_that_fits_nothing_makes_no_draft_and_says_why(world, address):
    item = ways.noticed(world).item
    before = Application.objects.count()
    client = signed_in(world.actors["dept"])
    page = send(client, f"/applications/new/{address.format(item=item.pk)}", subject_type="work_item")
    assert page.status_code in {200, 409}
    assert Application.objects.count() == before
