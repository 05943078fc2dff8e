"""督办 of an overdue application: who is late, who may, what is told; the case goes on (art 12)."""

import pytest
import time_machine
from django.urls import reverse

from admission import actions
from admission.late import late
from admission.models import NoticeReceipt
from base import acts
from base.errors import NotAllowed, RuleViolation
from base.models import Message
from tests.admission import world as ways
from tests.admission.signing import hidden_fields, send, signed_in
from worklists import todo
from worklists.models import SupervisionCase
from worklists.receiving import supervising
from worklists.receiving.supervising import Charge


def charge(unit, matter="受理超过期限") -> Charge:
    return Charge(unit, matter, "受理期限 5 个工作日。", "马上办理，并说明原因。")


def supervise(world, application, unit, *, by="city", **more) -> SupervisionCase:
    return actions.supervise(application, by=world.actors[by], at=world.at(), charge=charge(unit, **more))


def who_is_late(world, application) -> list[tuple[str, list[str]]]:
    found = late(application, on=acts.legal_day(world.at()))
    return [(one.clock.clock, [unit.name for unit in one.units]) for one in found]


@pytest.fixture
def submitted(world):
    """Handed in, and forgotten by the office for three weeks."""
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    world.jump(days=21)
    return application


def test_the_office_is_late_with_what_it_has_not_accepted(world, submitted):
    assert who_is_late(world, submitted) == [("acceptance", ["民政局"])]


def test_who_has_to_correct_is_late_not_the_office(world):
    application = ways.returned(world)
    world.jump(days=21)
    assert who_is_late(world, application) == [("correction", ["应急管理局"])]


def test_for_silent_communities_the_office_of_their_street_is_late(world):
    application = actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    for opinion in application.rounds.get().opinions.filter(body__code__startswith=world.streets[0].code):
        actions.give_opinion(opinion, by=ways.speaker(world, opinion.body), at=world.at(), stance="no_objection")
    world.jump(days=21)
    assert who_is_late(world, application) == [("consultation", ["泰山路街道办事处"])]


def test_who_has_not_signed_for_the_notice_is_late(world):
    application = ways.noticed(world)
    kept = NoticeReceipt.objects.open().exclude(unit=world.units["legal"]).exclude(body=world.communities[3])
    for receipt in kept:
        by = world.actors["dept"] if receipt.unit else ways.speaker(world, receipt.body)
        if receipt.unit and receipt.unit != world.units["dept"]:
            by = next(actor for actor in world.actors.values() if actor.unit_id == receipt.unit_id)
        actions.acknowledge(receipt, by=by, at=world.at())
    world.jump(days=21)
    assert ("acknowledgement", ["泰山路街道办事处"]) in who_is_late(world, application)


@pytest.mark.parametrize("who", ["city", "auditor"])
def test_a_case_is_opened_the_unit_is_told_and_the_application_says_so(world, submitted, who):
    case = supervise(world, submitted, world.units["host"], by=who)
    assert (case.unit, case.county, case.state) == (world.units["host"], world.county, SupervisionCase.State.OPEN)
    assert Message.objects.filter(url=f"/supervision/{case.pk}/").exists()
    before = submitted.state
    submitted.refresh_from_db()
    assert submitted.state == before
    page = signed_in(world.actors["dept"]).get(reverse("admission:application", args=[submitted.pk]))
    assert "已立督办件" in page.content.decode()


def test_the_office_reads_its_case_and_answers_it(world, submitted):
    """Who is late with accepting holds the post of the office, not one of an applicant."""
    with time_machine.travel(world.at(), tick=False):
        case = supervise(world, submitted, world.units["host"])
        office = signed_in(world.actors["office"])
        url = f"/supervision/{case.pk}/"
        assert [line.url for line in todo.lines(world.actors["office"], case.opened_at.date())][-1] == url
        assert [button["label"] for button in office.get(url).context["buttons"]] == ["答复"]
        office.post(f"{url}answer/", {**hidden_fields(office.get(f"{url}answer/")), "text": "今天受理。"})
        case.refresh_from_db()
        assert case.state == SupervisionCase.State.ANSWERED
        assert case.answers.get().answered_by == world.actors["office"].label


def test_who_stands_in_for_the_office_answers_for_its_delay(world):
    application = ways.screening_by_substitute(world)
    world.jump(days=60)
    [name] = {unit.name for one in late(application, on=acts.legal_day(world.at())) for unit in one.units}
    substitute = world.actors["member"]
    assert name == substitute.unit_name
    case = supervise(world, application, world.units["org"])
    assert SupervisionCase.objects.visible_to(substitute).get() == case
    supervising.answer_case(case, text="马上办。", by=substitute, at=world.at())


def test_the_decision_may_wait_for_the_applicant_too(world):
    application = ways.deliberated(world)
    world.jump(days=60)
    assert ("decision", ["民政局", "应急管理局"]) in who_is_late(world, application)


@pytest.mark.parametrize("who", ["office", "director", "dept", "street0", "member"])
def test_nobody_else_opens_one(world, submitted, who):
    with pytest.raises(NotAllowed, match="市级督办和审计"):
        supervise(world, submitted, world.units["host"], by=who)


def test_only_who_is_late_and_only_once_for_the_same_matter(world, submitted):
    with pytest.raises(RuleViolation, match="超过期限的不是这个单位"):
        supervise(world, submitted, world.units["dept"])
    supervise(world, submitted, world.units["host"])
    with pytest.raises(RuleViolation, match="已经在督办"):
        supervise(world, submitted, world.units["host"])
    assert supervise(world, submitted, world.units["host"], matter="第二件").pk


def test_nobody_is_supervised_before_the_day_is_over(world):
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    with pytest.raises(RuleViolation, match="没有超过期限"):
        supervise(world, application, world.units["host"])


def test_the_page_fills_in_who_is_late_with_what(world, submitted):
    with time_machine.travel(world.at(), tick=False):
        client, url = signed_in(world.actors["city"]), reverse("admission:supervise", args=[submitted.pk])
        page = client.get(reverse("admission:application", args=[submitted.pk]))
        assert url in [button["url"] for button in page.context["possible"].actions]
        form = client.get(url).context["form"]
        assert [str(unit) for _key, unit in form.fields["unit"].choices][1:] == ["民政局"]
        assert form.initial["unit"] == world.units["host"]
        assert "受理超过期限" in form.initial["matter"]
        assert form.initial["basis"].startswith("《指导意见》第十二条。\n受理最晚")
        assert send(client, url, matter="").context["form"].errors.keys() >= {"matter"}
        typed = {name: form.initial[name] for name in ("matter", "basis", "demand")}
        sent = client.post(url, {**hidden_fields(client.get(url)), **typed, "unit": world.units["host"].pk})
        assert sent["Location"] == f"/supervision/{SupervisionCase.objects.get().pk}/"
        assert signed_in(world.actors["office"]).get(url).status_code == 403


def test_what_is_not_overdue_has_no_button_and_says_so(world):
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    with time_machine.travel(world.at(), tick=False):
        client, url = signed_in(world.actors["city"]), reverse("admission:supervise", args=[application.pk])
        page = client.get(reverse("admission:application", args=[application.pk]))
        assert url not in [button["url"] for button in page.context["possible"].actions]
        assert client.get(url).context["problems"] == ["本件没有超过期限的时限，不用督办。"]
