"""What is kept and what is sent to others is Chinese, also when the one who acts reads English.

The log is read in the language of the reader: every line that any of these stories leaves.
"""

import re
from datetime import date, timedelta

import pytest
from django.utils.translation import override

from admission import actions
from admission.models import WorkNotice
from admission.procedure import State
from base import events
from base.errors import RuleViolation
from base.models import Event, Message
from communities import actions as communities
from communities.models import Community, Division
from communities.roles import Role
from tests.admission import world as ways
from tests.admission.test_convening import LATER
from tests.factories import NOW, UserFactory, actor, admitted, city_edition, content, county_draft
from tests.log import left_in_chinese, said_again
from worklists import actions as worklists
from worklists.kinds import Ending
from worklists.models import CompletionFiling, UnapprovedReport
from worklists.receiving import actions as receiving

LATIN_WORD = re.compile("[A-Za-z]{3,}")
FILES = re.compile(r"\w+\.(?:pdf|jpg|png|docx)")


OFFICE, ADMIN = actor(Role.OFFICE), actor(Role.ADMIN, "43")
TODAY, YEAR_END = date(2026, 11, 21), date(2026, 12, 31)


def in_english(texts):
    return [text for text in texts if LATIN_WORD.search(FILES.sub("", text))]


@pytest.mark.parametrize("state", [State.FILED, State.REJECTED, State.WITHDRAWN, State.RETURNED, State.DEFERRED])
def test_whoever_reads_english_writes_the_log_and_the_messages_in_chinese(world, state):
    with override("en"):
        application = ways.WAYS[state](world)
    lines = list(Event.objects.about(application))
    assert len(lines) > 1
    assert in_english([line.data["says"] for line in lines]) == []
    assert in_english([line.by_label for line in lines]) == []
    assert in_english(Message.objects.values_list("title", flat=True)) == []
    assert in_english(Message.objects.values_list("body", flat=True)) == []


def test_the_work_notice_is_chinese_whatever_the_office_reads(world):
    with override("en"):
        ways.noticed(world)
    said = WorkNotice.objects.get().content
    words = [said[name] for name in ("kind", "category", "applies_to", "executor", "procedure")]
    assert all(words)
    assert in_english(words) == []


def test_refusals_and_known_sentences_are_read_in_english(world):
    application = ways.drafted(world)
    with override("en"):
        assert events.said(Event.objects.about(application).order_by("seq").first()) == "Draft an application"
        with pytest.raises(RuleViolation, match="State the reason"):
            actions.withdraw(application, by=world.actors["dept"], at=world.at(), reason="")


# --- every line that is left behind is read in English, but for the data in it --------------------------------
def asked_again(world):
    """A street answers for its communities, one of them for itself; the form and the plan change meanwhile."""
    dept, street = world.actors["dept"], world.actors["street0"]
    application = actions.open_consultation(ways.drafted(world), by=dept, at=world.at())
    opinions = application.rounds.get().opinions
    here = world.communities[:2]
    said = {"stance": "objection", "points": "人手不够。"}
    actions.give_opinion(opinions.get(body__code=street.code), by=street, at=world.at(), on_behalf_of=here, **said)
    community = world.actors["community0"]
    answered = opinions.get(body__code=community.code)
    actions.give_opinion(answered, by=community, at=world.at(), stance="no_objection")
    actions.remind_silent(application, by=world.actors["office"], at=world.at())
    fields = {"category": "undertake", "adds_ledger": "隐患台账", "contact_phone": "0731-99999999"}
    plan = actions.DraftRows(plan={"goal": "另一个目标。"})
    actions.save_draft(application, by=dept, at=world.at(), fields=fields, rows=plan)
    actions.reopen_consultation(application, by=dept, at=world.at(), bodies=world.streets)
    actions.save_draft(application, by=dept, at=world.at(), fields={"adds_ledger": ""})
    actions.declare_untouched(application, by=dept, at=world.at(), reason="不建台账了。")


def meetings(world):
    """One is moved and cancelled, one has no quorum."""
    office = world.actors["office"]
    _application, meeting = ways.scheduled(world)
    actions.move_meeting(meeting, by=office, at=world.at(), planned_at=LATER, place="二楼会议室")
    actions.cancel_meeting(meeting, by=office, at=world.at(), reason="场地停电。")
    _application, meeting = ways.scheduled(world)
    world.jump(days=1)
    actions.end_without_quorum(meeting, by=office, at=world.at(), present={world.units["org"]: "副局长"})


def committee(world):
    """The office moves to another unit, a seat is given and ended, the calendar changes."""
    ways.screening(world)
    county, units, by = world.county, world.units, {"by": world.actors["admin"], "at": world.at()}
    actions.end_seat(actions.give_seat(county, unit=units["dept"], post="director", starts_on=TODAY, **by),
                     ends_on=YEAR_END, **by)  # fmt: skip
    communities.host_office(units["staffing"], by=ADMIN, at=world.at())
    actions.follow_office(by=world.actors["admin"], at=world.at())
    actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    off = {"is_workday": False, "name": "停工", "source": "通知"}
    actions.workdays.set_workday(date(2026, 11, 10), by=world.actors["admin"], at=world.at(), **off)
    actions.workdays.clear_workday(date(2026, 11, 10), by=world.actors["admin"], at=world.at())
    actions.workdays.publish_workdays(2026, by=world.actors["admin"], at=world.at(), source="通知")


def editions(world):
    """A county's list from its city's: entries dropped, taken, corrected, added; one draft published, one deleted."""
    guidance = city_edition(Division.objects.get(code="4302"), "巡逻", "登记")
    draft = county_draft(guidance, world.county, starts_on=date(2026, 12, 1))
    by = {"by": OFFICE, "at": NOW}
    text = worklists.EntryText(department_text="公安局", category="assist", title="为老服务走访")
    worklists.drop_entry(draft.entries.get(seq=1), reason="不要", **by)
    worklists.keep_entry(draft.entries.get(seq=1), **by)
    worklists.add_entry(draft, text=text, decision_number="1号", **by)
    text = worklists.EntryText(department_text="公安局", category="assist", title="夜间巡逻")
    worklists.correct_entry(draft.entries.get(seq=1), text=text, **by)
    worklists.revise_edition(draft, head=worklists.Head(title="新的封面", starts_on=date(2026, 12, 1)), **by)
    worklists.publish_edition(draft, by=actor(Role.DIRECTOR), at=NOW)
    worklists.discard_edition(county_draft(guidance, world.county, starts_on=date(2027, 1, 1)), **by)


def items(world):
    """One is amended, corrected and retired; another is completed."""
    dept = world.units["dept"]
    said = content(department_id=dept.pk, department_text=dept.name)
    item = admitted(world.county, said=said)
    by = {"by": OFFICE, "at": NOW}
    new = {"content": content("新的名称"), "scope": ["430211"], "starts_on": date(2026, 12, 1), "ends_on": YEAR_END}
    worklists.amend_item(item, notice_number="2号", decided_on=TODAY, **new, **by)
    first = item.versions.known().order_by("in_force").first()
    mended = {"department_id": None, "department_text": "公安局", "basis": "新的依据"}
    worklists.correct_item(item, version=first, reason="抄错了", **mended, **by)
    worklists.retire_item(item, ends_on=date(2026, 12, 10), ending=Ending.REMOVED, notice_number="3号", **by)
    item = admitted(world.county, said=said, ends_on=YEAR_END)
    texts = {"reason": "完成", "results": "查了", "unfinished": "", "handover": ""}
    kind, clerk = CompletionFiling.Kind.EXITED_EARLY, actor(Role.APPLICANT, unit=dept)
    filing = worklists.file_completion(item, kind=kind, ended_on=date(2026, 11, 20), by=clerk, at=NOW, **texts)
    worklists.acknowledge_filing(filing, **by)
    worklists.comment_filing(filing, text="做得好。", by=world.actors["street0"], at=NOW)


def reports(world):
    """Passed on and answered; on the list already; of the office's own unit, handed back, confirmed."""
    item = admitted(world.county)

    def reported(text="应急管理局", unit=None):
        said = {"what": "三包登记", "details": "限一周。", "channel": "group_chat", "done": "waiting"}
        handed = receiving.Handed(department_text=text, department=unit, happened_on=date(2026, 11, 20), **said)
        return receiving.report_work(handed, by=world.actors["community0"], at=NOW)

    def passed_on():
        return receiving.pass_on(reported(), department=world.units["dept"], by=world.actors["office"], at=NOW)

    def answered(state):
        dept = world.actors["dept"]
        return receiving.answer_report(passed_on(), state=state, answer="已处理。", by=dept, at=NOW)

    answered(UnapprovedReport.State.STOPPED)
    applying = answered(UnapprovedReport.State.APPLYING)
    receiving.close_as_confirmed(applying, item=item, notice_number="1号", by=OFFICE, at=NOW)
    receiving.hand_back(answered(UnapprovedReport.State.APPLYING), why="不予确认", by=OFFICE, at=NOW)
    receiving.close_as_lawful(reported(), item=item, answer="在清单里。", by=world.actors["office"], at=NOW)
    reported("民政局", world.units["host"])
    receiving.pass_on(reported(), department=world.units["host"], by=world.actors["office"], at=NOW)
    off = {"is_workday": False, "name": "停工", "source": "通知"}
    passed_on()
    actions.workdays.set_workday(date(2026, 11, 24), by=ADMIN, at=NOW + timedelta(hours=1), **off)


def places(world):
    """Divisions, units, posts, accounts and facts."""
    by = {"by": ADMIN, "at": NOW}
    new = communities.create_division("430211001009", name="新社区", starts_on=TODAY, **by)
    communities.close_division(new, ends_on=YEAR_END, **by)
    Community.objects.all().delete()
    communities.enrol_communities(world.county, **by)
    facts = {"kind": "converted", "households": 5, "by": world.actors["street0"], "at": NOW}
    communities.record_facts(Community.objects.get(division=world.communities[0]), **facts)
    facts = {"households": 5, "by": world.actors["street0"], "at": NOW + timedelta(hours=1)}
    communities.record_facts(Community.objects.get(division=world.communities[0]), **facts)
    unit = communities.create_department(world.county, name="水利局", starts_on=TODAY, **by)
    communities.add_alias(unit, alias="水务局", **by)
    post = {"role": Role.APPLICANT, "division": world.county, "unit": unit, "starts_on": TODAY}
    held = communities.appoint(UserFactory.create(), **post, **by)
    communities.end_appointment(held, ends_on=YEAR_END, **by)
    communities.close_department(unit, ends_on=TODAY + timedelta(days=1), **by)
    setting = {"key": "quorum_percent", "value": 60, "basis": "文件", "since": TODAY}
    communities.set_county_setting(world.county, by=OFFICE, at=NOW, **setting)
    account, _password = communities.open_account("wang", display_name="经办", **by)
    communities.close_account(account, **by)


STORIES = {asked_again: "give_opinion", meetings: "lapse", committee: "recompute_deadline", editions: "publish",
           items: "retire", reports: "recount", places: "record_facts"}  # fmt: skip
"""Each with one act that must be among its lines."""


def check_every_line():
    lines = list(Event.objects.order_by("pk"))
    assert len(lines) > 1
    assert [left for line in lines if (left := left_in_chinese(line))] == []
    assert [events.said(line) for line in lines] == [line.data["says"] for line in lines]
    assert [said_again(line) for line in lines] == [line.data["says"] for line in lines]


@pytest.mark.parametrize("state", [State.FILED, State.REJECTED, State.WITHDRAWN, State.RETURNED, State.DEFERRED])
def test_every_line_of_a_case_is_read_in_english(world, state):
    ways.WAYS[state](world)
    check_every_line()


@pytest.mark.parametrize(("story", "act"), STORIES.items())
def test_every_line_of_a_story_is_read_in_english(world, story, act):
    story(world)
    assert Event.objects.filter(kind__endswith=f".{act}").exists()
    check_every_line()


def test_a_sentence_that_is_not_translated_is_found():
    line = Event(kind="x", data={"says": "改成协助", "says_of": {"pattern": "改成%(what)s", "facts": {"what": "协助"}}})
    assert left_in_chinese(line) == "改成协助"
    facts = {"role": {"pattern": "谁也不是"}}
    line = Event(kind="x", data={"says": "任职：谁也不是", "says_of": {"pattern": "任职：%(role)s", "facts": facts}})
    assert left_in_chinese(line) == "Appointed: 谁也不是"
