"""Who may act and who may see: truth tables over roles and territories."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from admission import access, actions, todo
from admission.models import Application
from admission.procedure import Kind, State, Step
from base import acts
from base.errors import NotAllowed
from base.models import Outbox
from communities import actions as communities
from communities.models import Appointment
from communities.roles import Actor, Role
from tests.admission import world as ways
from tests.admission.browsing import holding, signed_in
from tests.factories import AppointmentFactory

SEES = {
    # role             draft, consulted, coordination, awaiting
    "dept": (True, True, True, True),
    "host": (False, False, False, False),
    "street0": (False, True, True, True),
    "community0": (False, True, True, True),
    "office": (False, True, True, True),
    "director": (False, True, True, True),
    "deputy": (False, True, True, True),
    "member": (False, False, False, True),
    "city": (False, True, True, True),
    "auditor": (False, True, True, True),
    "admin": (False, False, False, False),
}


@pytest.mark.parametrize("name", sorted(SEES))
def test_who_sees_an_application_at_four_stages(world, name):
    makers = (ways.drafted, ways.consulted, ways.coordinating, ways.awaiting)
    made = [make(world).pk for make in makers]
    seen = set(Application.objects.visible_to(world.actors[name]).values_list("pk", flat=True))
    assert tuple(pk in seen for pk in made) == SEES[name]


@pytest.mark.parametrize(
    ("role", "code", "sees"),
    [
        (Role.OFFICE, "430204", False),
        (Role.DIRECTOR, "430204", False),
        (Role.STREET, "430211009", False),
        (Role.COMMUNITY, "430211001009", True),  # inside a street of the scope, though nobody asked it
        (Role.COMMUNITY, "430211009001", False),
        (Role.CITY, "4303", False),
        (Role.AUDITOR, "43", True),
        (Role.SYSTEM, "430211", False),
        (Role.WORKER, "430211001001", False),
        (Role.HR, "430211", False),
    ],
)
def test_territory_decides_what_is_seen(world, role, code, sees):
    application = ways.awaiting(world)
    somebody = Actor(None, None, role, code, None, "某单位")
    assert Application.objects.visible_to(somebody).filter(pk=application.pk).exists() is sees


@pytest.mark.parametrize(
    ("step", "state", "who"),
    [
        (Step.SUBMIT, State.PRE_CONSULTATION, {"dept"}),
        (Step.ACCEPT, State.SUBMITTED, {"office"}),
        (Step.RETURN, State.SUBMITTED, {"office"}),
        (Step.RESUBMIT, State.RETURNED, {"dept"}),
        (Step.BEGIN_SCREENING, State.ACCEPTED, {"office"}),
        (Step.BEGIN_COORDINATION, State.SCREENING, {"office"}),
        (Step.SCHEDULE_MEETING, State.COORDINATION, {"office"}),
        (Step.REQUEST_APPROVAL, State.DELIBERATED, {"office"}),
        (Step.APPROVE, State.AWAITING_APPROVAL, {"director", "deputy"}),
        (Step.REJECT, State.AWAITING_APPROVAL, {"director", "deputy"}),
        (Step.ISSUE_NOTICE, State.APPROVED, {"office"}),
        (Step.FILE, State.NOTICE_ISSUED, {"office"}),
        (Step.WITHDRAW, State.SCREENING, {"dept"}),
    ],
)
def test_who_may_take_a_step(world, step, state, who):
    application = ways.WAYS[state](world)
    on = acts.legal_day(world.at())
    may = {name for name, actor in world.actors.items() if step in access.steps_here(actor, application, on=on)}
    assert may == who


def test_where_the_host_applies_a_member_unit_does_the_office_s_work(world):
    application = ways.consulted(world, by="host")
    application = actions.submit(application, by=world.actors["host"], at=world.at())
    with pytest.raises(NotAllowed, match="代行"):
        actions.accept(application, by=world.actors["office"], at=world.at())
    with pytest.raises(NotAllowed):
        actions.accept(application, by=world.actors["member_host"], at=world.at())
    assert actions.accept(application, by=world.actors["member"], at=world.at()).state == State.ACCEPTED


def successor(world, key, heir, role):
    """A unit is abolished in favour of another one; who acts for that one, as the doorways load them."""
    told = {"ends_on": date(2026, 11, 1), "by": world.actors["admin"], "at": world.at()}
    communities.close_department(world.units[key], successor=world.units[heir], **told)
    post = AppointmentFactory.create(role=role, division=world.county, unit=world.units[heir])
    return Appointment.objects.acting().get(pk=post.pk).actor()


def test_who_succeeds_an_abolished_department_goes_on_with_its_application(world):
    application, receipt = ways.returned(world), ways.noticed(world)
    other = Actor(None, None, Role.APPLICANT, world.county.code, world.units["legal"].pk, "司法局")
    assert not Application.objects.visible_to(other).exists()
    heir = successor(world, "dept", "legal", Role.APPLICANT)
    assert set(Application.objects.visible_to(heir)) == {application, receipt}
    assert Step.RESUBMIT in access.steps_here(heir, application, on=acts.legal_day(world.at()))
    today = acts.legal_day(world.at())
    assert {line.act for line in todo.lines(heir, today)} == {"resubmit", "acknowledge"}
    client = holding(heir)
    assert client.get(reverse("admission:edit", args=[application.pk]), follow=True).status_code == 200
    assert "签收" in client.get(reverse("admission:notice", args=[receipt.notice.pk])).content.decode()
    actions.resubmit(application, by=heir, at=world.at())
    actions.acknowledge(receipt.notice.receipts.get(unit=world.units["dept"]), by=heir, at=world.at())
    actions.accept(application, by=world.actors["office"], at=world.at())
    assert Outbox.objects.filter(inbox=heir.inbox, message__kind="admission.accept").exists()
    deputy = replace(heir, role=Role.DEPUTY)
    assert not access.not_own(deputy, application)


def test_who_succeeds_the_host_goes_on_with_the_office_s_work(world):
    application = ways.WAYS[State.SUBMITTED](world)
    heir = successor(world, "host", "org", Role.OFFICE)
    assert [line.act for line in todo.lines(heir, acts.legal_day(world.at()))] == ["accept"]
    assert actions.accept(application, by=heir, at=world.at()).state == State.ACCEPTED


def test_nobody_decides_on_the_application_of_their_own_unit(world):
    application = ways.awaiting(world)
    own = Actor(None, None, Role.DEPUTY, "430211", world.units["dept"].pk, "应急管理局")
    with pytest.raises(NotAllowed, match="本单位"):
        actions.approve(application, by=own, at=world.at(), text="同意。")


def test_a_prepared_draft_becomes_the_department_s_by_its_endorsement(world):
    application = ways.drafted(world, by="street0", applicant=world.units["dept"])
    assert application.prepared_by == world.units["street0"]
    with pytest.raises(NotAllowed):
        actions.endorse(application, by=world.actors["street0"], at=world.at())
    actions.endorse(application, by=world.actors["dept"], at=world.at())
    with pytest.raises(NotAllowed):
        actions.save_draft(application, by=world.actors["street0"], at=world.at(), fields={"title": "再改"})


def test_only_the_endorsement_declares_the_department_s_approval_under_seal(world):
    street, dept = world.actors["street0"], world.actors["dept"]
    application = ways.drafted(world, by="street0", applicant=world.units["dept"])
    assert application.seal_confirmed is False
    with pytest.raises(NotAllowed, match="认可时"):
        actions.save_draft(application, by=street, at=world.at(), fields={"seal_confirmed": True})
    assert actions.endorse(application, by=dept, at=world.at()).seal_confirmed is True


def test_a_street_is_not_asked_for_the_seal_of_another_unit(world):
    application = ways.drafted(world, by="street0", applicant=world.units["dept"])
    address = reverse("admission:edit", args=[application.pk, "declaration"])
    html = signed_in(world, "street0").get(address).content.decode()
    assert 'name="seal_confirmed"' not in html
    assert "由应急管理局在认可时声明" in html
    check = signed_in(world, "street0").get(reverse("admission:edit-check", args=[application.pk])).content.decode()
    assert "等应急管理局认可时声明" in check
    assert "单位审核同意并盖章的声明" not in check
    actions.endorse(application, by=world.actors["dept"], at=world.at())
    assert 'name="seal_confirmed"' in signed_in(world, "dept").get(address).content.decode()


def test_a_street_learns_that_its_open_draft_was_endorsed_and_what_it_typed_comes_back(world):
    application = ways.drafted(world, by="street0", applicant=world.units["dept"])
    street, address = signed_in(world, "street0"), reverse("admission:edit", args=[application.pk, "basics"])
    seen = street.get(address).context["version"]
    actions.endorse(application, by=world.actors["dept"], at=world.at())
    typed = {"seen": seen, "title": application.title, "category": "assist", "contact_name": "街道新写的经办人"}
    answer = street.post(address, typed)
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "应急管理局已于" in html
    assert "街道新写的经办人" in html
    saving = street.post(address, typed, headers={"HX-Request": "true"})
    assert (saving.status_code, "应急管理局已于" in saving.content.decode()) == (409, True)
    assert "没有存上" not in street.get(address).content.decode()


def test_a_department_files_only_for_itself_and_an_auditor_for_nobody(world):
    with pytest.raises(NotAllowed, match="本单位"):
        actions.draft_application(
            by=world.actors["dept"], at=world.at(), kind=Kind.ADMISSION, applicant=world.units["legal"]
        )
    for name in ("auditor", "office", "community0", "director", "member"):
        with pytest.raises(NotAllowed, match="第五条"):
            actions.draft_application(by=world.actors[name], at=world.at(), kind=Kind.ADMISSION)


def test_a_street_asks_everyone_but_itself(world):
    application = ways.drafted(world, by="street0")
    application = actions.open_consultation(application, by=world.actors["street0"], at=world.at())
    asked = set(application.rounds.get().opinions.values_list("body__code", flat=True))
    assert asked == {world.streets[1].code, *(place.code for place in world.communities)}
