"""What is decided on is what was put to those concerned, whole; and silence about it is never agreement (art 6-8)."""

import pytest

from admission import access, actions, requirements
from admission.conditions import NotYet
from admission.models import Application, Opinion
from admission.presentation.case import Case
from admission.presentation.opinions import matrix
from admission.procedure import AFTER_MEETING, State, Step
from base.acts import legal_day
from base.errors import RuleViolation
from tests.admission import world as ways
from worklists.models import ItemVersion

pytestmark = pytest.mark.django_db


def revise(world, application, **plan):
    return actions.save_draft(
        application, by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(plan=plan or {"goal": "新的目标。"})
    )


def fresh(application):
    return Application.objects.get(pk=application.pk)


def ask_all_again(world, application):
    bodies = [row.body for row in Opinion.objects.current(application).select_related("body")]
    actions.reopen_consultation(application, by=world.actors["dept"], at=world.at(), bodies=bodies)
    return fresh(application)


# --- a version under way
@pytest.mark.parametrize("state", [State.COORDINATION, State.DELIBERATED, State.DEFERRED])
def test_a_case_does_not_go_on_with_a_version_under_way(world, state):
    application = revise(world, ways.WAYS[state](world))
    step = Step.REQUEST_APPROVAL if state is State.DELIBERATED else Step.SCHEDULE_MEETING
    assert step not in access.open_steps(world.actors["office"], application, on=legal_day(world.at()))
    assert "新的一版还没有送出" in str(access.why_not(world.actors["office"], application, on=legal_day(world.at())))


def test_the_notice_and_the_list_say_what_was_put_to_those_concerned(world):
    application = ways.approved(world)
    plan = requirements.fixed_plan(application)
    plan.pk, plan.number, plan.frozen_at, plan.community_does = None, plan.number + 1, None, "没有人看过的一版。"
    plan._state.adding = True
    plan.save()
    notice = actions.issue_notice(application, by=world.actors["office"], at=world.at())
    assert notice.content["plan"] == plan.number - 1
    assert "没有人看过" not in ItemVersion.objects.known().get(item=notice.application.item).does


def test_a_deferred_plan_is_mended_for_the_next_meeting(world):
    application = revise(world, ways.WAYS[State.DEFERRED](world), people="三名专业人员。")
    assert Case(application, world.actors["dept"], legal_day(world.at())).has_open_plan
    application = actions.attach_revised_plan(application, by=world.actors["dept"], at=world.at())
    assert requirements.fixed_plan(application).people == "三名专业人员。"
    assert Step.SCHEDULE_MEETING in access.open_steps(world.actors["office"], application, on=legal_day(world.at()))


def test_while_points_are_coordinated_a_declared_version_is_fixed_at_once(world):
    application = revise(world, ways.coordinating(world))
    said = actions.declare_untouched(application, by=world.actors["dept"], at=world.at(), reason="只改内部分工。")
    assert not said.plans.filter(frozen_at__isnull=True).exists()
    assert Step.SCHEDULE_MEETING in access.open_steps(world.actors["office"], said, on=legal_day(world.at()))


@pytest.mark.parametrize("state", sorted(AFTER_MEETING))
def test_after_a_meeting_nothing_is_declared_untouched(world, state):
    with pytest.raises(RuleViolation, match="不能再改"):
        actions.declare_untouched(
            revise(world, ways.WAYS[state](world)), by=world.actors["dept"], at=world.at(), reason="无关。"
        )


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (State.PRE_CONSULTATION, ask_all_again),
        (State.COORDINATION, ask_all_again),
        (State.DELIBERATED, lambda world, it: actions.attach_revised_plan(it, by=world.actors["dept"], at=world.at())),
        (
            State.COORDINATION,
            lambda world, it: actions.declare_untouched(it, by=world.actors["dept"], at=world.at(), reason="无关。"),
        ),
    ],
)
def test_no_version_is_put_to_anybody_without_its_guarantees(world, state, act):
    application = revise(world, ways.WAYS[state](world), people="", money_amount=None, money_zero_reason="")
    with pytest.raises(NotYet, match="人员保障、经费保障"):
        act(world, application)
    assert fresh(application).plans.filter(frozen_at__isnull=True).exists()


# --- silence
def test_silence_about_a_new_version_takes_an_agreement_back(world):
    application = ask_all_again(world, revise(world, ways.consulted(world)))
    standing = Opinion.objects.standing(application)
    assert {row.stance for row in standing} == {""}
    world.jump(days=10)
    application = actions.submit(fresh(application), by=world.actors["dept"], at=world.at())
    application = actions.accept(application, by=world.actors["office"], at=world.at())
    application = actions.begin_screening(application, by=world.actors["office"], at=world.at())
    assert not requirements.standing_counts(application, legal_day(world.at())).only_agreement
    with pytest.raises(NotYet):
        actions.propose_simple(application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS)


def test_who_objected_stands_by_it_however_silent_it_is_later(world):
    one = world.streets[1]
    application = ways.consulted(world, stances={one.code: "objection"})
    application = ask_all_again(world, revise(world, application))
    stances = {row.body.code: row.stance for row in Opinion.objects.standing(application).select_related("body")}
    assert stances.pop(one.code) == "objection"
    assert set(stances.values()) == {""}


def test_who_agreed_again_agrees_and_who_was_not_asked_again_still_does(world):
    application = revise(world, ways.consulted(world))
    asked = [world.streets[0]]
    actions.reopen_consultation(application, by=world.actors["dept"], at=world.at(), bodies=asked)
    silent = {row.body.code: row.stance for row in Opinion.objects.standing(application).select_related("body")}
    assert [code for code, stance in silent.items() if not stance] == [asked[0].code]
    ways.answer_all(world, fresh(application))
    assert {row.stance for row in Opinion.objects.standing(application)} == {"no_objection"}


def test_an_objection_that_was_withdrawn_does_not_come_back_by_silence(world):
    one = world.streets[1]
    application = ways.consulted(world, stances={one.code: "objection"})
    for opinion in Opinion.objects.to_respond([application]).select_related("round__application"):
        actions.respond_to_opinion(opinion, by=world.actors["dept"], at=world.at(), fate="adopted", reason="照办。")
    application = ask_all_again(world, revise(world, application))
    ways.answer_all(world, application)
    application = ask_all_again(world, revise(world, application, goal="第三版。"))
    assert {row.stance for row in Opinion.objects.standing(application)} == {""}


# --- who has left the scope
@pytest.fixture
def narrowed(world):
    """Returned after one street had objected; then asked again without that street."""
    application = ways.consulted(world, stances={world.streets[1].code: "objection"})
    application = actions.submit(application, by=world.actors["dept"], at=world.at())
    defects = [{"part": "范围", "what": "先在一个街道做。"}]
    application = actions.return_for_correction(application, by=world.actors["office"], at=world.at(), defects=defects)
    application = actions.save_draft(
        application, by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(scope=world.streets[:1])
    )
    return actions.open_consultation(application, by=world.actors["dept"], at=world.at())


def test_who_is_not_concerned_any_more_does_not_count(world, narrowed):
    gone, stays = world.streets[1].code, world.streets[0].code
    for rows in (Opinion.objects.standing(narrowed), Opinion.objects.current(narrowed)):
        assert {row.body.code[:9] for row in rows.select_related("body")} == {stays}
    assert not Opinion.objects.waiting_for(gone)
    assert not Opinion.objects.to_respond([narrowed])
    shown = matrix(narrowed, on=legal_day(world.at()))
    assert [row.name for row in shown.rows] == [world.streets[0].name]


def test_who_is_not_concerned_any_more_is_told_so_when_it_answers(world, narrowed):
    old = Opinion.objects.filter(round__application=narrowed, body=world.streets[1]).get()
    with pytest.raises(RuleViolation, match="已经不在范围内"):
        actions.give_opinion(old, by=world.actors["street1"], at=world.at(), stance="no_objection")


def test_the_rest_agrees_and_the_simple_procedure_is_open(world, narrowed):
    ways.answer_all(world, narrowed)
    application = actions.submit(fresh(narrowed), by=world.actors["dept"], at=world.at())
    application = actions.accept(application, by=world.actors["office"], at=world.at())
    application = actions.begin_screening(application, by=world.actors["office"], at=world.at())
    moved = actions.propose_simple(application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS)
    assert moved.state == State.AWAITING_APPROVAL
