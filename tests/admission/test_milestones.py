"""Milestones lie within the term of the work: kept in a draft, but not asked about and not handed in (art 6; A-24)."""

from datetime import date

import pytest
import time_machine

from admission import actions, conditions, todo
from admission.conditions import NotYet
from admission.models import Application
from admission.procedure import Kind, State, Step
from tests.admission import world as ways
from tests.admission.filling import address, fill_in, sentences
from tests.admission.signing import signed_in

EARLY, LATE = "2026-12-31", "2027-07-01"
TOO_EARLY = "时间节点 2026年12月31日 早于开始日期（2027年1月4日）"
TOO_LATE = "时间节点 2027年7月1日 晚于结束日期（2027年6月30日）"


def on(*days: str) -> actions.DraftRows:
    return actions.DraftRows(plan={"milestones": [{"on": day, "result": "完成一轮"} for day in days]})


def with_milestones(world, *days: str, fields=None, **options) -> Application:
    """A whole draft with these milestones."""
    application = ways.drafted(world, **options)
    return actions.save_draft(
        application, by=world.actors["dept"], at=world.at(), fields=fields or {}, rows=on(*days)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "said"),
    [([EARLY], [TOO_EARLY]), ([LATE], [TOO_LATE]), ([EARLY, "2027-03-31", LATE], [TOO_EARLY, TOO_LATE])],
)
def test_a_milestone_outside_the_term_is_kept_and_stops_the_way_on(world, days, said):
    application = with_milestones(world, *days)
    assert [row["on"] for row in application.plans.get().milestones] == days
    sentence = f"时间节点要在起止日期之内（指导意见第六条）：{'；'.join(said)}。"
    assert conditions.missing(Step.OPEN_CONSULTATION, application, date(2026, 11, 2)) == [sentence]
    with pytest.raises(NotYet, match="时间节点要在起止日期之内"):
        actions.open_consultation(application, by=world.actors["dept"], at=world.at())


@pytest.mark.parametrize("day", ["2027-01-04", "2027-06-30"])
def test_the_first_and_the_last_day_are_within_the_term(world, day):
    application = with_milestones(world, day)
    assert actions.open_consultation(application, by=world.actors["dept"], at=world.at()).state == (
        State.PRE_CONSULTATION
    )


def test_standing_work_has_no_last_day(world):
    application = with_milestones(world, "2030-01-01", fields={"ends_on": None, "is_standing": True})
    assert conditions.missing(Step.OPEN_CONSULTATION, application, date(2026, 11, 2)) == []


def test_before_the_term_is_known_milestones_are_not_measured(world):
    application = with_milestones(world, EARLY, fields={"starts_on": None, "ends_on": None})
    assert conditions.missing(Step.OPEN_CONSULTATION, application, date(2026, 11, 2)) == []


def test_an_exit_is_wound_down_before_and_after_its_day(world):
    application = with_milestones(world, EARLY, LATE, kind=Kind.EXIT, item=ways.noticed(world).item)
    assert conditions.milestones_within_term(application, date(2026, 11, 2)) is None


def test_a_term_that_moved_away_from_its_milestones_is_not_handed_in(world):
    """Asked about in order; then the start was put off behind the first milestone."""
    application = ways.consulted(world)
    fields = {"starts_on": date(2027, 4, 1)}
    application = actions.save_draft(application, by=world.actors["dept"], at=world.at(), fields=fields)
    application = actions.declare_untouched(application, by=world.actors["dept"], at=world.at(), reason="只改日期。")
    with pytest.raises(NotYet, match="时间节点 2027年3月31日 早于开始日期（2027年4月1日）"):
        actions.submit(application, by=world.actors["dept"], at=world.at())
    line = next(line for line in todo.lines(world.actors["dept"], date(2026, 11, 2)))
    assert (line.act, "时间节点要在起止日期之内" in line.what) == ("save_draft", True)


def test_what_is_corrected_is_measured_again(world):
    application = ways.returned(world)
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=on(LATE))
    application = Application.objects.get(pk=application.pk)
    actions.declare_untouched(application, by=world.actors["dept"], at=world.at(), reason="只改日期。")
    with pytest.raises(NotYet, match="晚于结束日期"):
        actions.resubmit(Application.objects.get(pk=application.pk), by=world.actors["dept"], at=world.at())


def test_the_form_keeps_it_and_says_it_at_its_day(world):
    with time_machine.travel(world.at(), tick=False):
        dept, draft = signed_in(world.actors["dept"]), ways.drafted(world)
        for day, said in (
            (EARLY, "这一天早于开始日期（2027年1月4日），请改这一天，或者改开始日期。"),
            (LATE, "这一天晚于结束日期（2027年6月30日），请改这一天，或者改结束日期。"),
        ):
            answer = fill_in(dept, draft, "plan", **{"milestones-0-on": day})
            assert (answer.status_code, sentences(answer)) == (200, [said])
            assert draft.plans.get().milestones[0]["on"] == day


def test_the_check_page_leads_to_the_milestones_once(world):
    with time_machine.travel(world.at(), tick=False):
        draft = with_milestones(world, LATE)
        page = signed_in(world.actors["dept"]).get(address(draft, "check"))
        assert page.context["first"] == [
            ("四、实施方案", [(TOO_LATE, f"{address(draft, 'plan')}#milestones")]),
        ]  # fmt: skip
        assert (page.context["then"], page.context["blocked"]) == ([], [])
        assert page.context["title"] == "还要填 1 项"
