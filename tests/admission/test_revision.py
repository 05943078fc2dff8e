"""What the bodies agreed to does not change behind their backs, and everybody reads what was changed (art 6, 7)."""

import re
from datetime import date

import pytest

from admission import actions, differences
from admission.conditions import NotYet
from admission.models import Application
from admission.presentation.progress import audit_lines, timeline
from admission.procedure import State
from base.errors import RuleViolation
from base.models import Event
from tests.admission import world as ways


def save(world, application, rows=None, **fields):
    return actions.save_draft(application, by=world.actors["dept"], at=world.at(), fields=fields, rows=rows)


def newest_save(application):
    return Event.objects.about(application).filter(kind="admission.application.save").order_by("-seq")[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "undertake"),
        ("executor", "station"),
        ("starts_on", date(2026, 12, 1)),
        ("ends_on", date(2027, 12, 31)),
        ("is_standing", True),
        ("workload_hours", 40),
        ("adds_ledger", "隐患台账"),
        ("adds_evaluation", "年终考核"),
    ],
)
def test_what_everybody_agreed_to_goes_to_them_again(world, field, value):
    application = save(world, ways.consulted(world), **{field: value})
    with pytest.raises(NotYet, match="重新发出征询"):
        actions.submit(application, by=world.actors["dept"], at=world.at())
    actions.reopen_consultation(application, by=world.actors["dept"], at=world.at(), bodies=world.streets)
    old, new = application.plans.order_by("number")
    assert [row.name for row in differences.changed(differences.of_plans(old, new))] == [differences.form_label(field)]
    ways.answer_all(world, application)
    assert actions.submit(application, by=world.actors["dept"], at=world.at()).state == State.SUBMITTED


def test_the_bases_are_part_of_what_was_shown(world):
    application = ways.consulted(world)
    rows = actions.DraftRows(bases=[{"title": "消防法", "level": "law", "article": "第五条"}])
    save(world, application, rows)
    old, new = application.plans.order_by("number")
    said = [(row.before, row.after) for row in differences.changed(differences.of_plans(old, new))]
    assert said == [("安全生产法 第九条", "消防法 第五条")]


def test_what_only_concerns_the_office_stays_free(world):
    application = ways.consulted(world)
    said = {"contact_phone": "0731-11111111", "contact_name": "换人", "seal_confirmed": False, "workload_hours": None}
    rows = actions.DraftRows(bases=[{"title": "安全生产法", "level": "law", "article": "第九条"}], scope=world.streets)
    save(world, application, rows, **said)
    assert application.plans.count() == 1
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), fields={"seal_confirmed": True})
    assert actions.submit(application, by=world.actors["dept"], at=world.at()).state == State.SUBMITTED


def test_a_declaration_covers_only_what_stood_when_it_was_made(world):
    application = save(world, ways.consulted(world), adds_ledger="隐患台账")
    actions.declare_untouched(application, by=world.actors["dept"], at=world.at(), reason="原台账改名。")
    application = save(world, application, category="undertake")
    with pytest.raises(NotYet, match="重新发出征询"):
        actions.submit(application, by=world.actors["dept"], at=world.at())


def test_what_is_put_back_needs_nobody(world):
    application = save(world, ways.consulted(world), adds_ledger="隐患台账")
    save(world, application, adds_ledger="")
    assert [plan.number for plan in application.plans.all()] == [1]
    assert actions.submit(application, by=world.actors["dept"], at=world.at()).state == State.SUBMITTED


def test_a_correction_changes_what_was_agreed_only_openly(world):
    application = save(world, ways.returned(world), workload_hours=30)
    with pytest.raises(NotYet, match="重新发出征询"):
        actions.resubmit(application, by=world.actors["dept"], at=world.at())
    actions.declare_untouched(application, by=world.actors["dept"], at=world.at(), reason="补填，未增加工作。")
    sent = actions.resubmit(application, by=world.actors["dept"], at=world.at())
    assert (sent.state, sent.revision_untouched_reason) == (State.SUBMITTED, "补填，未增加工作。")


def test_other_places_are_asked_whatever_the_applicant_declares(world):
    application = save(world, ways.returned(world), actions.DraftRows(scope=world.streets[:1]))
    with pytest.raises(RuleViolation, match="重新征询全部单位"):
        actions.declare_untouched(application, by=world.actors["dept"], at=world.at(), reason="没有关系。")


# --- what was changed, in the log
def test_the_log_says_what_was_changed_from_what_to_what(world):
    application = save(world, ways.consulted(world), category="undertake", contact_phone="0731-99999999")
    line = newest_save(application)
    assert line.data["changed"] == [
        {"field": "category", "label": "拟列类别", "before": "协助", "after": "承办"},
        {"field": "contact_phone", "label": "联系电话"},
    ]
    assert line.data["says"] == "修改申请：拟列类别（协助 → 承办）、联系电话"


def test_rows_and_the_plan_are_named_too_and_persons_never(world):
    rows = actions.DraftRows(
        prior_contacts=[{"held_on": date(2026, 10, 29), "counterpart": "某某", "conclusion": "同意。"}],
        scope=world.streets,
        plan={"powers": "只报告。", "guidance_contact": "某某", "people": ways.PLAN["people"]},
    )
    application = save(world, ways.consulted(world), rows)
    line = newest_save(application)
    assert [change["field"] for change in line.data["changed"]] == ["prior_contacts", "powers", "guidance_contact"]
    assert "某某" not in str(line.data)


def test_before_anybody_was_asked_the_names_are_enough(world):
    application = save(world, ways.drafted(world), category="undertake")
    assert newest_save(application).data["changed"] == [{"field": "category", "label": "拟列类别"}]


def test_many_saves_of_a_day_are_one_line_that_names_what_changed(world):
    application = save(world, ways.consulted(world), category="undertake")
    save(world, application, adds_ledger="隐患台账")
    first = timeline(audit_lines(Application.objects.get(pk=application.pk)))[0]
    assert first.text == "修改申请，2 次：拟列类别、新设台账"


def test_a_save_of_a_whole_draft_names_three_parts_and_how_many_there_are(world):
    application = ways.drafted(world)
    line = Event.objects.about(application).filter(kind__endswith=".save").order_by("seq").last()
    assert re.fullmatch(r"修改申请：.+、.+等 \d+ 处", line.data["says"])
    assert len(line.data["says"]) < 50
    assert len(line.data["changed"]) > 20
