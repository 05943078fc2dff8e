"""What the acts do and refuse, article by article."""

from datetime import date, timedelta

import pytest

from admission import access, actions
from admission.conditions import NotYet
from admission.models import Application, Deadline, Opinion
from admission.presentation.waiting import waiting
from admission.procedure import IllegalTransition, Kind, Procedure, State, Step
from admission.rules import Key
from base.errors import NotAllowed, RuleViolation, Stale
from base.models import CalendarYear, Event, Holiday, Message
from communities.models import CountySetting, Division
from tests.admission import world as ways
from worklists.models import ItemVersion


def listed(world, day, place=0):
    return list(ItemVersion.objects.for_community(world.communities[place].code, "urban", on=day))


# --- draft, consultation, submission


def test_consultation_names_every_missing_part_at_once(world):
    application = actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.ADMISSION)
    with pytest.raises(NotYet) as refusal:
        actions.open_consultation(application, by=world.actors["dept"], at=world.at())
    parts = "事项名称 实施范围 工作内容和要求 职责分工 操作流程 时间节点 人员保障 经费保障 业务培训 业务指导"
    assert [part for part in parts.split() if part not in str(refusal.value)] == []
    assert Application.objects.get(pk=application.pk).state == State.DRAFT


def test_an_application_without_guarantees_cannot_be_submitted(world):
    application = ways.consulted(world)
    plan = {"money_amount": None, "money_zero_reason": ""}
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(plan=plan))
    with pytest.raises(NotYet, match="经费保障"):
        actions.submit(application, by=world.actors["dept"], at=world.at())


def test_no_money_is_possible_with_a_reason(world):
    application = ways.drafted(world)
    plan = {"money_amount": None, "money_zero_reason": "只转发通知，不产生费用。"}
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(plan=plan))
    assert (
        actions.open_consultation(application, by=world.actors["dept"], at=world.at()).state == State.PRE_CONSULTATION
    )


def test_submission_waits_for_every_street_until_its_time_is_up(world):
    application = actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    with pytest.raises(NotYet, match="嵩山路街道、泰山路街道"):
        actions.submit(application, by=world.actors["dept"], at=world.at())
    world.jump(days=8)
    submitted = actions.submit(application, by=world.actors["dept"], at=world.at())
    assert submitted.number.endswith("1号")
    assert Opinion.objects.filter(round__application=application, answered_at__isnull=True).count() == 6


def test_silence_is_not_agreement(world):
    application = actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    world.jump(days=8)
    application = actions.submit(application, by=world.actors["dept"], at=world.at())
    application = actions.accept(application, by=world.actors["office"], at=world.at())
    application = actions.begin_screening(application, by=world.actors["office"], at=world.at())
    with pytest.raises(NotYet, match="未答复 6 个"):
        actions.propose_simple(application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS)
    ordinary = actions.begin_coordination(application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS)
    assert ordinary.procedure == Procedure.ORDINARY


def test_a_county_may_say_that_silent_communities_do_not_count(world):
    CountySetting.objects.create(
        county=world.county, key=Key.SIMPLE_NEEDS_COMMUNITIES, value=False, basis="区规定", since=date(2026, 1, 1)
    )
    application = actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    for n, street in enumerate(world.streets):
        opinion = Opinion.objects.waiting_for(street.code).get()
        actions.give_opinion(opinion, by=world.actors[f"street{n}"], at=world.at(), stance="no_objection")
    application = actions.submit(application, by=world.actors["dept"], at=world.at())
    application = actions.accept(application, by=world.actors["office"], at=world.at())
    assert Step.PROPOSE_SIMPLE not in access.open_steps(world.actors["office"], application, on=date(2026, 11, 2))
    application = actions.begin_screening(application, by=world.actors["office"], at=world.at())
    assert Step.PROPOSE_SIMPLE in access.open_steps(world.actors["office"], application, on=date(2026, 11, 2))


def test_a_street_answers_for_its_communities_and_only_for_them(world):
    actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    opinion = Opinion.objects.waiting_for(world.streets[0].code).get()
    with pytest.raises(NotAllowed, match="本街道"):
        actions.give_opinion(
            opinion,
            by=world.actors["street0"],
            at=world.at(),
            stance="no_objection",
            on_behalf_of=world.communities[2:3],
        )
    actions.give_opinion(
        opinion, by=world.actors["street0"], at=world.at(), stance="no_objection", on_behalf_of=world.communities[:2]
    )
    answered = Opinion.objects.filter(answered_at__isnull=False)
    assert {row.body.code: row.on_behalf_by_id for row in answered.select_related("body")} == {
        world.streets[0].code: None,
        world.communities[0].code: world.streets[0].pk,
        world.communities[1].code: world.streets[0].pk,
    }


def test_an_answer_stands(world):
    application = actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    opinion = Opinion.objects.waiting_for(world.streets[0].code).get()
    actions.give_opinion(opinion, by=world.actors["street0"], at=world.at(), stance="no_objection")
    with pytest.raises(RuleViolation, match="不能修改"):
        actions.give_opinion(opinion, by=world.actors["street0"], at=world.at(), stance="objection", points="不行。")
    with pytest.raises(NotAllowed, match="自己答复"):
        actions.give_opinion(
            Opinion.objects.waiting_for(world.streets[1].code).get(),
            by=world.actors["street0"],
            at=world.at(),
            stance="no_objection",
        )
    assert application.pk == opinion.round.application_id


def test_what_was_asked_about_does_not_change_under_the_hands_of_the_asked(world):
    application = actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    with pytest.raises(RuleViolation, match="不能再改"):
        actions.save_draft(application, by=world.actors["dept"], at=world.at(), fields={"title": "别的事"})
    with pytest.raises(RuleViolation, match="实施范围"):
        actions.save_draft(
            application, by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(scope=world.streets[:1])
        )


def test_a_place_of_another_county_is_refused(world):
    foreign = Division.objects.create(code="430204001", name="外区街道", kind="street")
    application = ways.drafted(world)
    with pytest.raises(RuleViolation, match="本区县"):
        actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(scope=[foreign]))


def test_a_frozen_plan_is_copied_into_the_next_version(world):
    application = ways.consulted(world)
    actions.save_draft(
        application, by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(plan={"powers": "只报告。"})
    )
    assert [(plan.number, plan.powers) for plan in application.plans.order_by("number")] == [
        (1, "社区只登记、报告。"),
        (2, "只报告。"),
    ]
    with pytest.raises(NotYet, match="重新发出征询"):
        actions.submit(application, by=world.actors["dept"], at=world.at())
    actions.declare_untouched(application, by=world.actors["dept"], at=world.at(), reason="只改文字。")
    assert actions.submit(application, by=world.actors["dept"], at=world.at()).state == State.SUBMITTED


# --- the office


def test_the_clock_stands_still_while_the_applicant_corrects(world):
    application = ways.screening(world)
    before = application.deadlines.get(clock="decision").due_on
    application = actions.return_from_screening(
        application, by=world.actors["office"], at=world.at(), defects=[{"what": "写明账户。"}]
    )
    clock = application.deadlines.get(clock="decision")
    assert clock.standing_still
    assert clock.due_on is None
    world.jump(days=7)
    actions.resubmit(application, by=world.actors["dept"], at=world.at())
    clock.refresh_from_db()
    assert clock.due_on == before + timedelta(days=7)
    assert Application.objects.get(pk=application.pk).state == State.SCREENING


def test_the_acceptance_clock_goes_on_where_it_stood(world):
    """T4, T5: it stands still while the applicant corrects, whether bodies are asked again or not."""
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    clock = application.deadlines.get(clock="acceptance")
    before = clock.due_on
    defects = [{"what": "写明账户。"}]
    application = actions.return_for_correction(application, by=world.actors["office"], at=world.at(), defects=defects)
    clock.refresh_from_db()
    assert clock.standing_still
    world.jump(days=7)
    application = actions.resubmit(application, by=world.actors["dept"], at=world.at())
    clock.refresh_from_db()
    assert clock.due_on == before + timedelta(days=7)
    application = actions.return_for_correction(application, by=world.actors["office"], at=world.at(), defects=defects)
    world.jump(days=7)
    application = actions.open_consultation(application, by=world.actors["dept"], at=world.at())
    ways.answer_all(world, application)
    actions.submit(application, by=world.actors["dept"], at=world.at())
    clock.refresh_from_db()
    assert clock.due_on == before + timedelta(days=14)
    assert application.deadlines.filter(clock="acceptance").count() == 1


def test_a_return_says_what_is_missing(world):
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    with pytest.raises(RuleViolation, match="一次写明"):
        actions.return_for_correction(application, by=world.actors["office"], at=world.at(), defects=[{"what": ""}])


def test_the_office_may_only_be_stricter_and_says_why(world):
    application = ways.screening(world)
    with pytest.raises(RuleViolation, match="理由"):
        actions.begin_coordination(application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS)
    stricter = actions.begin_coordination(
        application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS, stricter_reason="影响面大。"
    )
    with pytest.raises(NotYet, match="影响面大"):
        actions.back_to_screening(stricter, by=world.actors["office"], at=world.at())


def test_an_objection_withdrawn_in_writing_opens_the_simple_way_again(world):
    application = ways.screening(world, stances={world.streets[1].code: "objection"})
    application = actions.begin_coordination(
        application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS
    )
    point = application.coordination.points.get()
    with pytest.raises(RuleViolation, match="书面答复"):
        actions.handle_point(point, by=world.actors["office"], at=world.at(), result="withdrawn", reason="口头同意。")
    actions.save_draft(
        application, by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(plan={"powers": "专业队伍检测。"})
    )
    actions.reopen_consultation(application, by=world.actors["dept"], at=world.at(), bodies=[world.streets[1]])
    ways.answer_all(world, application)
    actions.handle_point(point, by=world.actors["office"], at=world.at(), result="withdrawn", reason="书面撤回。")
    back = actions.back_to_screening(application, by=world.actors["office"], at=world.at())
    simple = actions.propose_simple(back, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS)
    assert (simple.procedure, simple.state) == (Procedure.SIMPLE, State.AWAITING_APPROVAL)


def test_the_page_says_what_coordination_really_waits_for(world):
    said = lambda case: waiting([case], on=date(2026, 11, 3))[0][case.pk].sentence  # noqa: E731
    application = ways.screening(world)
    application = actions.begin_coordination(
        application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS, stricter_reason="影响面大。"
    )
    assert said(application) == "等民政局与有关部门沟通并登记"
    talk = {"department": world.units["legal"], "held_on": date(2026, 11, 2), "summary": "同意。"}
    actions.record_contact(application, by=world.actors["office"], at=world.at(), **talk)
    assert said(application) == "没有争议点，等民政局提请会议审议"
    assert said(ways.coordinating(world)) == "争议点都有了结果，等民政局提请会议审议"


# --- meeting and decision


def test_too_few_members_cannot_conclude(world):
    application, meeting = ways.scheduled(world)
    heard = [actions.Heard(meeting.agenda.get(), "汇报。", "admit", "同意。", [])]
    present = {world.units["org"]: "副部长", world.units["legal"]: "副局长"}
    actions.record_meeting(
        meeting, by=world.actors["office"], at=world.at(), present=present, heard=heard, minutes="纪要。"
    )
    with pytest.raises(RuleViolation, match="到会成员单位 2 个，应到 4 个"):
        actions.close_minutes(meeting, by=world.actors["deputy"], at=world.at())
    assert Application.objects.get(pk=application.pk).state == State.MEETING_SCHEDULED


def test_the_host_leaves_the_denominator_where_it_applies(world):
    application = ways.screening_by_substitute(world)
    meeting = ways.plan_by_substitute(world, application)
    present = {world.units["org"]: "副部长", world.units["legal"]: "副局长", world.units["host"]: "局长"}
    heard = [actions.Heard(meeting.agenda.get(), "汇报。", "admit", "同意。", [])]
    held = actions.record_meeting(
        meeting, by=world.actors["member"], at=world.at(), present=present, heard=heard, minutes="纪要。"
    )
    assert (held.seats_counted, held.seats_present) == (3, 2)


def test_only_the_chair_closes_the_minutes(world):
    _application, meeting = ways.scheduled(world)
    heard = [actions.Heard(meeting.agenda.get(), "汇报。", "admit", "同意。", [])]
    present = {world.units[key]: "" for key in ("org", "host", "staffing", "legal")}
    actions.record_meeting(
        meeting, by=world.actors["office"], at=world.at(), present=present, heard=heard, minutes="纪要。"
    )
    for name in ("office", "director", "member", "dept"):
        with pytest.raises(NotAllowed):
            actions.close_minutes(meeting, by=world.actors[name], at=world.at())


def test_the_office_chairs_only_with_authority(world):
    with pytest.raises(RuleViolation, match="授权"):
        actions.plan_meeting(
            by=world.actors["office"], at=world.at(), planned_at=world.at(), place="三楼", chair="office"
        )


def test_no_meeting_is_planned_in_the_past_or_years_ahead(world):
    at, how = world.at(), {"place": "三楼", "chair": "deputy"}
    for wrong, said in ((-timedelta(minutes=1), "已经过了"), (timedelta(days=367), "一年以内")):
        with pytest.raises(RuleViolation, match=said):
            actions.plan_meeting(by=world.actors["office"], at=at, planned_at=at + wrong, **how)
    actions.plan_meeting(by=world.actors["office"], at=at, planned_at=at + timedelta(minutes=1), **how)


def test_a_case_is_not_put_before_a_meeting_that_is_over(world):
    application, when = ways.coordinating(world), world.soon()
    meeting = actions.plan_meeting(
        by=world.actors["office"], at=when, planned_at=when, place="三楼会议室", chair="deputy"
    )
    world.jump(days=1)
    with pytest.raises(RuleViolation, match="已经过了"):
        actions.schedule_meeting(application, by=world.actors["office"], at=world.at(), meeting=meeting)
    _other, closed = ways.scheduled(world)
    ways.hold(world, closed)
    with pytest.raises(RuleViolation, match="还没有开的会议"):
        actions.schedule_meeting(application, by=world.actors["office"], at=world.at(), meeting=closed)
    assert Application.objects.get(pk=application.pk).state == State.COORDINATION


def test_a_talk_that_is_still_to_come_is_no_prior_contact(world):
    application = ways.drafted(world)
    rows = actions.DraftRows(
        prior_contacts=[{"held_on": date(2030, 1, 1), "counterpart": "准入办", "conclusion": "同意。"}]
    )
    with pytest.raises(RuleViolation, match="沟通日期不能晚于今天"):
        actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=rows)
    assert application.prior_contacts.get().held_on == date(2026, 10, 30)


def test_every_meeting_opinion_is_answered_before_approval(world):
    application = ways.deliberated(world)
    with pytest.raises(NotYet, match="1 条没有答复"):
        actions.request_approval(application, by=world.actors["office"], at=world.at())


def test_every_objection_is_responded_to_before_approval(world):
    application = ways.deliberated(world, said="", responded=False)
    with pytest.raises(NotYet, match="1 条没有说明采纳情况"):
        actions.request_approval(application, by=world.actors["office"], at=world.at())
    assert waiting([application], on=date(2026, 11, 3))[0][application.pk].sentence == (
        "等应急管理局说明 1 条不同意见的采纳情况"
    )
    ways.respond_all(world, application)
    assert waiting([application], on=date(2026, 11, 3))[0][application.pk].sentence == (
        "会议意见都已答复，等民政局提请核准"
    )
    asked = actions.request_approval(application, by=world.actors["office"], at=world.at())
    assert asked.state == State.AWAITING_APPROVAL


def test_agreed_as_amended_needs_the_amended_plan(world):
    application = ways.deliberated(world, conclusion="admit_amended", said="")
    with pytest.raises(NotYet, match="修改后的方案"):
        actions.request_approval(application, by=world.actors["office"], at=world.at())
    actions.save_draft(
        application, by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(plan={"people": "三名。"})
    )
    actions.attach_revised_plan(application, by=world.actors["dept"], at=world.at())
    assert (
        actions.request_approval(application, by=world.actors["office"], at=world.at()).state == State.AWAITING_APPROVAL
    )


def test_the_conclusion_of_the_meeting_binds_both_ways(world):
    agreed = ways.awaiting(world)
    with pytest.raises(NotYet, match="会议结论是同意"):
        actions.reject(agreed, by=world.actors["deputy"], at=world.at(), text="不行。")
    refused = ways.awaiting(world, conclusion="refuse")
    with pytest.raises(NotYet, match="会议结论是不同意"):
        actions.approve(refused, by=world.actors["deputy"], at=world.at(), text="可以。")
    again = actions.send_back_to_meeting(refused, by=world.actors["director"], at=world.at(), reason="再议。")
    assert again.state == State.DEFERRED


def test_a_simple_case_waits_for_the_members_window(world):
    application = ways.screening(world)
    application = actions.propose_simple(application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS)
    with pytest.raises(NotYet, match="成员单位"):
        actions.approve(application, by=world.actors["deputy"], at=world.at(), text="同意。")
    asked = actions.request_meeting(application, by=world.actors["member"], at=world.at(), reason="涉及面广。")
    assert (asked.state, asked.procedure) == (State.COORDINATION, Procedure.ORDINARY)


def test_after_the_window_no_meeting_can_be_asked_for_and_the_case_is_decided(world):
    application = ways.awaiting_simple(world)
    with pytest.raises(NotYet, match="已经过了"):
        actions.request_meeting(application, by=world.actors["member"], at=world.at(), reason="晚了。")
    assert (
        actions.approve(application, by=world.actors["director"], at=world.at(), text="同意。").state == State.APPROVED
    )


# --- the list


def test_approval_alone_changes_no_list(world):
    ways.approved(world)
    assert listed(world, date(2027, 2, 1)) == []


def test_a_late_notice_never_reaches_backwards(world):
    application = ways.approved(world)
    world.jump(days=100)
    notice = actions.issue_notice(application, by=world.actors["office"], at=world.at())
    assert notice.starts_on == notice.issued_on > date(2027, 1, 4)
    assert not listed(world, notice.issued_on - timedelta(days=1))
    assert listed(world, notice.issued_on)


def test_a_change_takes_over_on_its_day_and_keeps_what_stood_before(world):
    item = ways.filed(world).item
    application = ways.drafted(world, kind=Kind.CHANGE, item=item)
    fields = {"title": "电动自行车充电安全隐患月报", "starts_on": date(2027, 3, 1), "ends_on": date(2027, 12, 31)}
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), fields=fields)
    ways.carry_through(world, application)
    assert [row.title for row in listed(world, date(2027, 2, 28))] == [ways.FIELDS["title"]]
    assert [row.title for row in listed(world, date(2027, 3, 1))] == ["电动自行车充电安全隐患月报"]


def test_an_exit_takes_the_item_off_on_its_day(world):
    item = ways.filed(world).item
    application = ways.drafted(world, kind=Kind.EXIT, item=item)
    actions.save_draft(
        application, by=world.actors["dept"], at=world.at(), fields={"starts_on": date(2027, 4, 1), "ends_on": None}
    )
    ways.carry_through(world, application)
    assert listed(world, date(2027, 3, 31))
    assert not listed(world, date(2027, 4, 1))


def test_a_change_is_asked_for_by_the_original_department(world):
    item = ways.filed(world).item
    application = ways.drafted(world, by="street0", kind=Kind.CHANGE, item=item)
    with pytest.raises(NotYet, match="原申请部门"):
        actions.open_consultation(application, by=world.actors["street0"], at=world.at())


def test_a_refused_item_may_not_be_handed_down(world):
    application = ways.WAYS[State.REJECTED](world)
    with pytest.raises(IllegalTransition):
        actions.issue_notice(application, by=world.actors["office"], at=world.at())
    assert listed(world, date(2027, 2, 1)) == []


def test_the_last_receipt_stops_the_clock(world):
    application = ways.noticed(world)
    receipts = list(application.notice.receipts.select_related("body", "unit"))
    assert len(receipts) == 7
    for receipt in receipts:
        code = receipt.body.code if receipt.body else ""
        who = next(a for a in world.actors.values() if (a.code == code) or (not code and a.unit_id == receipt.unit_id))
        actions.acknowledge(receipt, by=who, at=world.at())
    assert application.deadlines.get(clock="acknowledgement").stopped_on is not None
    with pytest.raises(RuleViolation, match="已经签收"):
        actions.acknowledge(next(row for row in receipts if row.unit), by=world.actors["dept"], at=world.at())


# --- whatever the step


def test_the_same_step_twice_is_refused_the_second_time(world):
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    actions.accept(application, by=world.actors["office"], at=world.at())
    with pytest.raises(IllegalTransition, match="已受理"):
        actions.accept(application, by=world.actors["office"], at=world.at())


def test_a_stale_form_says_what_changed_and_changes_nothing(world):
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    seen = application.version
    actions.accept(application, by=world.actors["office"], at=world.at())
    with pytest.raises(Stale) as refusal:
        actions.begin_screening(application, by=world.actors["office"], at=world.at(), seen=seen - 1)
    assert any("受理" in change for change in refusal.value.changes)


def test_a_step_that_fails_leaves_nothing_behind(world):
    application = ways.approved(world)
    counts = (Event.objects.count(), Message.objects.count(), Deadline.objects.count())
    with pytest.raises(NotAllowed):
        actions.issue_notice(application, by=world.actors["street0"], at=world.at())
    assert (Event.objects.count(), Message.objects.count(), Deadline.objects.count()) == counts


def test_a_changed_calendar_moves_open_dates_and_leaves_an_event(world):
    application = ways.screening(world)
    before = application.deadlines.get(clock="decision").due_on
    CalendarYear.objects.create(year=2026, source="通知")
    Holiday.objects.create(date=date(2026, 11, 10), is_workday=False, name="停工")
    moved = actions.recompute_deadlines(by=world.actors["admin"], at=world.at())
    after = application.deadlines.get(clock="decision")
    assert moved == 1
    assert after.due_on > before
    assert not after.provisional
    assert "放假安排有变化" in Event.objects.about(application).first().data["says"]


def test_the_messages_of_a_step_reach_the_posts_it_concerns(world):
    ways.noticed(world)
    told = Message.objects.get(kind="admission.issue_notice").deliveries.values_list("inbox", flat=True)
    assert {f"community:{place.code}" for place in world.communities} <= set(told)
    assert f"applicant:{world.units['dept'].pk}" in told
