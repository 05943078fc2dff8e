"""An edition may take an item off while its change is on its way: nothing is decided in vain or stays for ever."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from admission import access, actions, todo
from admission.conditions import NotYet
from admission.presentation.waiting import waiting
from admission.procedure import Kind, Procedure, State, Step
from base.models import Outbox
from tests.admission import world as ways
from tests.admission.signing import send, signed_in
from worklists import actions as worklists
from worklists.kinds import Ending

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 3)


@pytest.fixture
def item(world):
    return ways.noticed(world).item


def take_off(world, item) -> None:
    worklists.retire_item(
        item, ends_on=date(2027, 1, 4), ending=Ending.REMOVED, by=world.actors["office"], at=world.at()
    )


@pytest.mark.parametrize("kind", [Kind.CHANGE, Kind.EXIT])
def test_an_approved_change_of_what_has_left_the_list_can_only_be_withdrawn(world, item, kind):
    application = ways.approved(world, kind=kind, item=item)
    dept, office = world.actors["dept"], world.actors["office"]
    assert Step.WITHDRAW not in access.steps_here(dept, application, on=TODAY)
    with pytest.raises(NotYet):
        actions.withdraw(application, by=dept, at=world.at(), reason="不办了。")
    assert Step.ISSUE_NOTICE in access.open_steps(office, application, on=TODAY)

    take_off(world, item)
    assert "移出清单" in access.why_not(office, application, on=TODAY)[Step.ISSUE_NOTICE][0]
    with pytest.raises(NotYet, match="移出清单"):
        actions.issue_notice(application, by=office, at=world.at())
    application = actions.withdraw(application, by=dept, at=world.at(), reason="新一版清单已经移出这一项。")
    assert application.state == State.WITHDRAWN


def test_what_has_left_the_list_is_not_approved(world, item):
    application = ways.awaiting(world, kind=Kind.CHANGE, item=item)
    take_off(world, item)
    with pytest.raises(NotYet, match="移出清单"):
        actions.approve(application, by=world.actors["deputy"], at=world.at(), text="同意。")


def test_what_leaves_the_list_later_may_be_changed_until_then(world, item):
    application = ways.approved(world, kind=Kind.CHANGE, item=item)
    worklists.retire_item(
        item, ends_on=date(2027, 3, 1), ending=Ending.REMOVED, by=world.actors["office"], at=world.at()
    )
    assert Step.ISSUE_NOTICE in access.open_steps(world.actors["office"], application, on=TODAY)


def test_an_approved_admission_is_never_withdrawn(world):
    application = ways.approved(world)
    with pytest.raises(NotYet):
        actions.withdraw(application, by=world.actors["dept"], at=world.at(), reason="不办了。")


def lines(world, who, on=TODAY):
    """Act, what is said, and where the button leads; the notice that put it on the list is another matter."""
    found = [(line.act, line.what, line.url) for line in todo.lines(world.actors[who], on)]
    return [line for line in found if line[0] != "acknowledge"]


@pytest.mark.parametrize("way", [ways.drafted, ways.consulted])
def test_a_draft_of_what_has_left_the_list_is_to_be_withdrawn_too(world, item, way):
    way(world, kind=Kind.CHANGE, item=item)
    take_off(world, item)
    assert [(act, "移出清单" in said) for act, said, _url in lines(world, "dept")] == [(Step.WITHDRAW, True)]


@pytest.mark.parametrize("kind", [Kind.CHANGE, Kind.EXIT])
def test_who_applied_and_the_office_are_told_that_only_a_withdrawal_is_left(world, item, kind):
    application = ways.approved(world, kind=kind, item=item)
    office = "应急管理局 · 已核准"
    assert office in [what for _act, what, _url in lines(world, "office")]
    assert "withdraw" not in [act for act, _what, _url in lines(world, "dept")]

    take_off(world, item)
    page = f"/applications/{application.pk}"
    said = "所选事项后来已经移出清单，没有可以变更或退出的了，等您撤回本件"
    assert lines(world, "dept") == [("withdraw", said, f"{page}/do/withdraw/")]
    blocked = "应急管理局 · 所选事项后来已经移出清单，没有可以变更或退出的了，等申请单位撤回本件"
    assert ("remind_silent", blocked, f"{page}/remind/") in lines(world, "office")
    assert office not in [what for _act, what, _url in lines(world, "office")]
    heads = waiting([application], on=TODAY)[0][application.pk]
    assert (heads.sentence, heads.whom) == ("等应急管理局撤回本件", "应急管理局")

    assert signed_in(world.actors["dept"]).get(f"{page}/do/withdraw/").status_code == 200
    assert send(signed_in(world.actors["office"]), f"{page}/remind/").status_code == 302
    told = Outbox.objects.filter(message__kind="admission.urge", channel="portal").values_list("inbox", flat=True)
    assert list(told) == [world.actors["dept"].inbox]
    actions.withdraw(application, by=world.actors["dept"], at=world.at(), reason="清单已经移出这一项。")
    assert lines(world, "dept") == []
    assert "remind_silent" not in [act for act, _what, _url in lines(world, "office")]


@pytest.mark.parametrize("way", [ways.screening, ways.coordinating, ways.awaiting])
def test_before_the_decision_too_the_applicant_is_told_to_withdraw_and_nothing_else(world, item, way):
    application = way(world, kind=Kind.CHANGE, item=item)
    take_off(world, item)
    assert [act for act, _what, _url in lines(world, "dept")] == ["withdraw"]
    if application.state == State.AWAITING_APPROVAL:
        assert waiting([application], on=TODAY)[0][application.pk].sentence == "等应急管理局撤回本件"


def test_the_deciders_are_offered_only_what_they_may_still_do(world):
    items = [ways.noticed(world).item for _each in range(3)]
    agreed = ways.awaiting(world, kind=Kind.CHANGE, item=items[0])
    simple = ways.awaiting_simple(world, kind=Kind.EXIT, item=items[1])
    refused = ways.awaiting(world, kind=Kind.CHANGE, item=items[2], conclusion="refuse")
    for item in items:
        take_off(world, item)
    on = date(2026, 11, 30)
    deputy = world.actors["deputy"]
    offered = {line.page: line.act for line in todo.lines(deputy, on) if line.act in Step.values}
    assert offered == {f"/applications/{row.pk}/": "reject" for row in (simple, refused)}
    assert simple.procedure == Procedure.SIMPLE
    assert Step.APPROVE not in access.open_steps(deputy, agreed, on=on)
    assert Step.REJECT not in access.open_steps(deputy, agreed, on=on)
    for row in (simple, refused):
        assert Step.REJECT in access.open_steps(deputy, row, on=on)


def test_an_approved_change_of_what_is_still_listed_waits_for_the_notice(world, item):
    application = ways.approved(world, kind=Kind.CHANGE, item=item)
    assert "等民政局下发工作告知单" in waiting([application], on=TODAY)[0][application.pk].sentence
    assert lines(world, "dept") == []


def test_more_of_what_has_left_the_list_asks_the_database_no_more_often(world):
    items = [ways.noticed(world).item for _each in range(4)]

    def counted(who):
        with CaptureQueriesContext(connection) as captured:
            found = len(todo.lines(world.actors[who], TODAY))
        return len(captured), found

    ways.approved(world, kind=Kind.CHANGE, item=items[0])
    ways.awaiting(world, kind=Kind.CHANGE, item=items[1], conclusion="refuse")
    once = {who: counted(who) for who in ("dept", "office", "deputy")}
    ways.approved(world, kind=Kind.EXIT, item=items[2])
    ways.awaiting(world, kind=Kind.EXIT, item=items[3], conclusion="refuse")
    for item in items:
        take_off(world, item)
    for who, (asked, found) in once.items():
        again = counted(who)
        assert (again[0], again[1] > found) == (asked, True), who
