"""Who objected may withdraw it in writing while the case is coordinated; no new plan version is needed (A-3, T9)."""

import pytest
from django.urls import reverse

from admission import actions, todo
from admission.deadlines import Clock
from admission.models import Application, Deadline, DisputedPoint, Opinion
from admission.procedure import Procedure, State
from base.errors import NotAllowed, RuleViolation
from base.models import Event, Outbox
from tests.admission import world as ways
from tests.admission.signing import send, signed_in

WHY = "协商后不再坚持。"


def own(application, place) -> Opinion:
    return Opinion.objects.current(application).get(body=place)


def coordinated(world, **stances: str) -> Application:
    """Streets and communities of the world by name, each with what it answers."""
    said = {world.actors[name].code: stance for name, stance in stances.items()}
    application = ways.screening(world, stances=said)
    return actions.begin_coordination(
        application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS
    )  # fmt: skip


def withdraw(world, opinion, who="street1", **said) -> Opinion:
    return actions.withdraw_objection(opinion, by=world.actors[who], at=world.at(), **{"reason": WHY, **said})


@pytest.mark.parametrize("stance", ["objection", "conditional"])
def test_all_withdrawn_in_writing_the_case_goes_back_to_screening_and_is_simple(world, stance):
    application = coordinated(world, street1=stance, community0=stance)
    office = world.actors["office"]
    withdraw(world, own(application, world.streets[1]))
    withdraw(world, own(application, world.communities[0]), "community0")
    for point in DisputedPoint.objects.all():
        actions.handle_point(point, by=office, at=world.at(), result="withdrawn", reason="已书面撤回。")
    back = actions.back_to_screening(application, by=office, at=world.at())
    simple = actions.propose_simple(back, by=office, at=world.at(), findings=ways.FINDINGS)
    assert (simple.procedure, simple.state) == (Procedure.SIMPLE, State.AWAITING_APPROVAL)


def test_one_that_still_objects_keeps_the_case_in_coordination(world):
    application = coordinated(world, street1="objection", community0="objection")
    withdraw(world, own(application, world.streets[1]))
    with pytest.raises(RuleViolation, match="有异议 1 个"):
        actions.back_to_screening(application, by=world.actors["office"], at=world.at())


def test_the_old_answer_stays_and_the_new_one_stands_about_the_same_version(world):
    application = coordinated(world, street1="objection")
    before = own(application, world.streets[1])
    answer = withdraw(world, before)
    before.refresh_from_db()
    assert (before.stance, before.round.number) == ("objection", 1)
    assert (answer.stance, answer.points, answer.round.number) == ("no_objection", WHY, 2)
    assert (answer.round.plan, answer.round.whole) == (before.round.plan, False)
    standing = Opinion.objects.standing(application)
    assert {row.stance for row in standing} == {"no_objection"}
    assert len(standing) == len(world.streets) + len(world.communities)


def test_no_clock_starts_and_nobody_is_waited_for(world):
    application = coordinated(world, street1="objection")
    clocks = list(Deadline.objects.order_by("pk").values())
    withdraw(world, own(application, world.streets[1]))
    assert list(Deadline.objects.order_by("pk").values()) == clocks
    assert not Deadline.objects.filter(clock=Clock.CONSULTATION, stopped_on__isnull=True).exists()
    assert not Opinion.objects.unanswered().exists()
    on = world.at().date()
    waiting = {line.act for who in ("street1", "community2", "dept") for line in todo.lines(world.actors[who], on)}
    assert waiting.isdisjoint({"give_opinion", "respond_to_opinion"})


def test_a_version_under_way_is_not_what_it_agrees_to(world):
    application = coordinated(world, street1="objection")
    rows = actions.DraftRows(plan={"powers": "专业队伍检测。"})
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=rows)
    assert withdraw(world, own(application, world.streets[1])).round.plan.number == 1
    assert application.plans.filter(frozen_at__isnull=True).exists()


def test_a_street_withdraws_for_the_communities_it_had_answered_for_which_may_still_speak(world):
    application = actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    mine = world.communities[2:]
    said = {"stance": "objection", "points": "人手不够。", "on_behalf_of": mine}
    actions.give_opinion(own(application, world.streets[1]), by=world.actors["street1"], at=world.at(), **said)
    by_itself = {"stance": "objection", "points": "没有场地。"}
    speaker = ways.speaker(world, mine[1])
    actions.give_opinion(own(application, mine[1]), by=speaker, at=world.at(), **by_itself)
    ways.answer_all(world, application)
    office = world.actors["office"]
    actions.submit(application, by=world.actors["dept"], at=world.at())
    actions.accept(application, by=office, at=world.at())
    actions.begin_screening(application, by=office, at=world.at())
    actions.begin_coordination(application, by=office, at=world.at(), findings=ways.FINDINGS)
    withdraw(world, own(application, world.streets[1]))
    stances = {row.body: (row.stance, row.on_behalf_by) for row in Opinion.objects.standing(application)}
    assert stances[mine[0]] == ("no_objection", world.streets[1])
    assert stances[mine[1]] == ("objection", None)
    boxes = Outbox.objects.filter(message__kind="admission.answered_for", message__body__contains=WHY)
    assert set(boxes.values_list("inbox", flat=True)) == {f"community:{mine[0].code}"}
    assert Opinion.objects.answerable_by(mine[0].code).exists()


@pytest.mark.parametrize("who", ["street0", "community2", "dept", "office"])
def test_only_the_body_itself_withdraws(world, who):
    application = coordinated(world, street1="objection")
    with pytest.raises(NotAllowed, match="只能由提出意见的街道、社区自己撤回"):
        withdraw(world, own(application, world.streets[1]), who)


def test_it_is_withdrawn_once_with_a_reason_and_only_in_coordination(world):
    application = coordinated(world, street1="objection")
    objection = own(application, world.streets[1])
    with pytest.raises(RuleViolation, match="写明原因"):
        withdraw(world, objection, reason=" ")
    with pytest.raises(RuleViolation, match="有条件同意和有异议"):
        withdraw(world, own(application, world.streets[0]), "street0")
    withdraw(world, objection)
    with pytest.raises(RuleViolation, match="最新的一轮"):
        withdraw(world, objection)
    early = ways.screening(world, stances={world.streets[1].code: "objection"})
    with pytest.raises(RuleViolation, match="不在沟通协调阶段"):
        withdraw(world, own(early, world.streets[1]))


def test_who_is_asked_anew_answers_there(world):
    application = coordinated(world, street1="objection")
    objection = own(application, world.streets[1])
    rows = actions.DraftRows(plan={"powers": "专业队伍检测。"})
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=rows)
    actions.reopen_consultation(application, by=world.actors["dept"], at=world.at(), bodies=[world.streets[1]])
    with pytest.raises(RuleViolation, match="最新的一轮"):
        withdraw(world, objection)


def test_applicant_and_office_are_told_and_the_log_says_so(world):
    application = coordinated(world, street1="objection")
    withdraw(world, own(application, world.streets[1]))
    line = Event.objects.get(kind="admission.application.withdraw_objection")
    assert line.data["says"] == f"{world.streets[1].name}书面撤回异议：{WHY}"
    rows = Outbox.objects.filter(message__kind="admission.withdraw_objection", channel=Outbox.Channel.PORTAL)
    assert sorted(rows.values_list("inbox", flat=True)) == sorted(
        [world.actors["dept"].inbox, world.actors["office"].inbox]
    )


def test_the_body_finds_it_on_the_case_and_on_its_answer(world):
    application = coordinated(world, street1="objection")
    objection = own(application, world.streets[1])
    address = reverse("admission:opinion-withdraw", args=[objection.pk])
    client = signed_in(world.actors["street1"])
    assert address in client.get(reverse("admission:application", args=[application.pk])).content.decode()
    assert address in client.get(reverse("admission:opinion", args=[objection.pk])).content.decode()
    assert "检测线路应由专业队伍承担。" in client.get(address).content.decode()
    assert "写明为什么不再坚持。" in send(client, address).content.decode()
    shown = client.get(send(client, address, reason=WHY).url).content.decode()
    assert "异议已书面撤回" in shown
    assert address not in shown
    assert "第 1 轮征询" in shown, "the matrix is headed by the round in which somebody was asked"
    assert "最新的一轮" in client.get(address).content.decode()


def test_the_record_of_the_case_names_the_withdrawal_and_no_period(world):
    application = coordinated(world, street1="objection")
    withdraw(world, own(application, world.streets[1]))
    shown = signed_in(world.actors["office"]).get(reverse("admission:dossier", args=[application.pk])).content.decode()
    assert "书面撤回异议，第 1 版" in shown
    assert shown.count("前答复，") == 1
