"""The whole procedure as a state machine: whatever anybody does, the rulebook's invariants hold."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from admission import access, actions
from admission.deadlines import SPANS
from admission.models import (
    AgendaItem,
    Application,
    Deadline,
    Decision,
    DisputedPoint,
    Meeting,
    MeetingOpinion,
    NoticeReceipt,
    Opinion,
    WorkNotice,
)
from admission.procedure import AFTER_MEETING, CLOSED, DECIDED, OPEN_FOR_OPINIONS, PLAN_OPEN, Kind, State, Step
from base import acts, events
from base.errors import RuleViolation
from base.models import Event
from communities.roles import APPLICANTS
from tests.admission import world as ways
from worklists.models import ItemVersion

MANY = 3
STANCES = st.sampled_from(["no_objection", "no_objection", "no_objection", "conditional", "objection"])
MOVES: dict[Step, object] = {
    Step.OPEN_CONSULTATION: lambda w, a, by, at: actions.open_consultation(a, by=by, at=at),
    Step.SUBMIT: lambda w, a, by, at: actions.submit(a, by=by, at=at),
    Step.RETURN: lambda w, a, by, at: actions.return_for_correction(a, by=by, at=at, defects=[{"what": "写明账户。"}]),
    Step.RESUBMIT: lambda w, a, by, at: actions.resubmit(a, by=by, at=at),
    Step.ACCEPT: lambda w, a, by, at: actions.accept(a, by=by, at=at),
    Step.BEGIN_SCREENING: lambda w, a, by, at: actions.begin_screening(a, by=by, at=at),
    Step.RETURN_FROM_SCREENING: lambda w, a, by, at: actions.return_from_screening(
        a, by=by, at=at, defects=[{"what": "写明账户。"}]
    ),
    Step.RESUBMIT_TO_SCREENING: lambda w, a, by, at: actions.resubmit(a, by=by, at=at),
    Step.PROPOSE_SIMPLE: lambda w, a, by, at: actions.propose_simple(a, by=by, at=at, findings=ways.FINDINGS),
    Step.BEGIN_COORDINATION: lambda w, a, by, at: actions.begin_coordination(
        a, by=by, at=at, findings=ways.FINDINGS, stricter_reason="影响面大。"
    ),
    Step.BACK_TO_SCREENING: lambda w, a, by, at: actions.back_to_screening(a, by=by, at=at),
    Step.SCHEDULE_MEETING: lambda w, a, by, at: actions.schedule_meeting(a, by=by, at=at, meeting=_meeting(w, by, at)),
    Step.CLOSE_DELIBERATION: lambda w, a, by, at: actions.close_minutes(
        a.agenda_items.order_by("-pk").first().meeting, by=by, at=at
    ),
    Step.TAKE_OFF_AGENDA: lambda w, a, by, at: actions.cancel_meeting(
        a.agenda_items.order_by("-pk").first().meeting, by=by, at=at, reason="场地停电。"
    ),
    Step.REQUEST_APPROVAL: lambda w, a, by, at: actions.request_approval(a, by=by, at=at),
    Step.REQUEST_MEETING: lambda w, a, by, at: actions.request_meeting(a, by=by, at=at, reason="涉及面广。"),
    Step.SEND_BACK_TO_MEETING: lambda w, a, by, at: actions.send_back_to_meeting(a, by=by, at=at, reason="再议。"),
    Step.APPROVE: lambda w, a, by, at: actions.approve(a, by=by, at=at, text="同意。"),
    Step.REJECT: lambda w, a, by, at: actions.reject(a, by=by, at=at, text="不同意。"),
    Step.ISSUE_NOTICE: lambda w, a, by, at: actions.issue_notice(a, by=by, at=at),
    Step.FILE: lambda w, a, by, at: actions.file_application(a, by=by, at=at),
    Step.WITHDRAW: lambda w, a, by, at: actions.withdraw(a, by=by, at=at, reason="改由部门自己做。"),
}
"""How each step is taken; DEFER is taken by the minutes that conclude it."""
BACKWARD = [
    Step.TAKE_OFF_AGENDA,
    Step.RETURN,
    Step.RETURN_FROM_SCREENING,
    Step.SEND_BACK_TO_MEETING,
    Step.REQUEST_MEETING,
]
OTHERS = ["back", "illegal", "answer", "answer", "receipts", "draft", "revise"]
OF_A_MEETING = {Step.CLOSE_DELIBERATION, Step.TAKE_OFF_AGENDA}
FORWARD = sorted(set(MOVES) - {*BACKWARD, Step.WITHDRAW})


def _meeting(world, by, at) -> Meeting:
    soon = at + timedelta(minutes=1)
    return actions.plan_meeting(
        by=by, at=at, planned_at=soon, place="三楼会议室", chair="deputy", beside=ways.planned()
    )


class TheProcedure(RuleBasedStateMachine):
    """Several applications of several kinds and applicants, pushed about by everybody in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()
        self.world = ways.make_world()
        self.taken: dict[int, int] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    @initialize(by=st.sampled_from(["dept", "dept", "street0", "host"]), late=st.booleans())
    def first(self, by, late):
        self.draft(by, Kind.CONFIRMATION if late else Kind.ADMISSION)

    @rule(data=st.data())
    def something_happens(self, data):
        """One rule, weighted by hand: a run must reach the far end of the procedure, not linger at its beginning."""
        what = data.draw(st.sampled_from([*["way"] * 6, *OTHERS]))
        match what:
            case "way":
                self.a_case_makes_its_way(data)
            case "back":
                self.a_case_is_set_back(data)
            case "illegal":
                self.somebody_tries_what_is_not_open(data)
            case "answer":
                self.a_body_answers(data)
                self.a_body_insists_no_more(data)
            case "receipts":
                self.everybody_acknowledges()
            case "revise":
                self.an_applicant_changes_its_mind(data)
            case "draft" if len(self.taken) < MANY:
                self.draft(data.draw(st.sampled_from(["dept", "street0", "host"])), Kind.ADMISSION)

    def draft(self, by, kind):
        application = ways.drafted(self.world, by=by, kind=kind)
        self.taken[application.pk] = 0

    def a_case_is_set_back(self, data):
        application = data.draw(st.sampled_from(list(Application.objects.order_by("pk"))))
        withdraw = data.draw(st.integers(0, 4)) == 0
        self._take_one(data, application, [*BACKWARD, Step.WITHDRAW] if withdraw else BACKWARD)

    def a_case_makes_its_way(self, data):
        steps, answer = data.draw(st.integers(2, 9)), data.draw(st.integers(0, 3)) > 0
        application = data.draw(st.sampled_from(list(Application.objects.order_by("pk"))))
        for _step in range(steps):
            self.world.jump(data.draw(st.sampled_from([0, 1, 4])))
            if answer and Application.objects.get(pk=application.pk).state in OPEN_FOR_OPINIONS:
                ways.answer_all(self.world, application)
            self.the_office_handles_the_points()
            self.the_applicants_answer_the_meeting()
            if Application.objects.get(pk=application.pk).state == State.DELIBERATED:
                ways.respond_all(self.world, application)
            self._take_one(data, Application.objects.get(pk=application.pk), FORWARD)

    def _take_one(self, data, application, steps):
        when = self.world.at()
        choices = [
            (name, step)
            for name, actor in self.world.actors.items()
            for step in access.open_steps(actor, application, on=acts.legal_day(when))
            if step in steps
        ]
        if not choices:
            return
        name, step = data.draw(st.sampled_from(choices))
        if step is Step.CLOSE_DELIBERATION:
            self._close(application, name, data.draw(st.sampled_from(["admit", "admit", "refuse", "defer"])))
            return
        MOVES[step](self.world, application, self.world.actors[name], when)
        self.taken[application.pk] += 1

    def _close(self, application, name, conclusion):
        meeting = application.agenda_items.order_by("-pk").first().meeting
        moved = list(AgendaItem.objects.filter(meeting=meeting).values_list("application", flat=True))
        ways.hold(self.world, meeting, conclusion=conclusion)
        for pk in moved:
            self.taken[pk] += 2 if conclusion == "defer" else 1

    def somebody_tries_what_is_not_open(self, data):
        application = data.draw(st.sampled_from(list(Application.objects.order_by("pk"))))
        name = data.draw(st.sampled_from(sorted(self.world.actors)))
        step = data.draw(st.sampled_from(sorted(set(MOVES) - OF_A_MEETING)))
        when = self.world.at()
        if step in access.open_steps(self.world.actors[name], application, on=acts.legal_day(when)):
            return
        before = Application.objects.filter(pk=application.pk).values().get()
        with pytest.raises((RuleViolation,)):
            MOVES[step](self.world, application, self.world.actors[name], when)
        assert Application.objects.filter(pk=application.pk).values().get() == before

    def a_body_answers(self, data):
        """Also a street for its communities, and a community where its street has answered for it."""
        stance = data.draw(STANCES)
        answerable = [
            (actor, opinion)
            for actor in self.world.actors.values()
            for opinion in Opinion.objects.answerable_by(actor.code)
            if actor.role in {"street", "community"}
        ]
        if not answerable:
            return
        actor, opinion = data.draw(st.sampled_from(answerable))
        below = [place for place in self.world.communities if place.code.startswith(actor.code)]
        said = {
            "points": "" if stance == "no_objection" else "要有人有钱。",
            "on_behalf_of": below if actor.role == "street" and data.draw(st.booleans()) else [],
        }
        actions.give_opinion(opinion, by=actor, at=self.world.at(), stance=stance, **said)

    def a_body_insists_no_more(self, data):
        """It withdraws in writing what it objected; no clock moves, and nobody is asked anything."""
        standing = [
            (actor, opinion)
            for actor in self.world.actors.values()
            if actor.role in {"street", "community"}
            for opinion in Opinion.objects.withdrawable_by(actor.code)
        ]
        if not standing:
            return
        actor, opinion = data.draw(st.sampled_from(standing))
        before = list(Deadline.objects.order_by("pk").values()), set(Opinion.objects.unanswered())
        actions.withdraw_objection(opinion, by=actor, at=self.world.at(), reason="不再坚持。")
        assert (list(Deadline.objects.order_by("pk").values()), set(Opinion.objects.unanswered())) == before

    def the_office_handles_the_points(self):
        for point in DisputedPoint.objects.filter(
            handled_at__isnull=True, coordination__application__state=State.COORDINATION
        ):
            application = point.coordination.application
            office = self._office(application)
            actions.handle_point(point, by=office, at=self.world.at(), result="to_meeting", reason="未能一致。")
        for application in Application.objects.filter(state=State.COORDINATION, coordination__contacts__isnull=True):
            actions.record_contact(
                application, by=self._office(application), at=self.world.at(), department=self.world.units["legal"],
                held_on=date(2026, 11, 2), summary="同意。",
            )  # fmt: skip

    def the_applicants_answer_the_meeting(self):
        open_opinions = MeetingOpinion.objects.filter(
            answered_at__isnull=True, agenda_item__application__state__in=[State.DELIBERATED, State.DEFERRED]
        )
        for opinion in open_opinions:
            unit = opinion.agenda_item.application.applicant_id
            who = next(a for a in self.world.actors.values() if a.unit_id == unit and a.role in APPLICANTS)
            actions.answer_meeting_opinion(opinion, by=who, at=self.world.at(), fate="adopted", answer="照办。")

    def an_applicant_changes_its_mind(self, data):
        """A new version of the plan; it is put to somebody, or left lying."""
        asked = Application.objects.filter(state__in=PLAN_OPEN, consulted_at__isnull=False).order_by("pk")
        if not asked:
            return
        application = data.draw(st.sampled_from(list(asked)))
        who = next(a for a in self.world.actors.values() if access.applicant(a, application))
        rows = actions.DraftRows(plan={"goal": data.draw(st.sampled_from(["排查隐患。", "排查，整改。", "只登记。"]))})
        actions.save_draft(application, by=who, at=self.world.at(), rows=rows)
        if not application.plans.filter(frozen_at__isnull=True).exists() or data.draw(st.booleans()):
            return
        if application.state in OPEN_FOR_OPINIONS:
            rows = Opinion.objects.current(application).select_related("body")
            bodies = data.draw(st.lists(st.sampled_from([row.body for row in rows]), min_size=1, unique=True))
            actions.reopen_consultation(application, by=who, at=self.world.at(), bodies=bodies)
        elif application.state in AFTER_MEETING:
            actions.attach_revised_plan(application, by=who, at=self.world.at())

    def everybody_acknowledges(self):
        for receipt in NoticeReceipt.objects.open().select_related("body"):
            who = next(
                actor
                for actor in self.world.actors.values()
                if (receipt.body and actor.code == receipt.body.code and actor.role in {"street", "community"})
                or (receipt.unit_id and actor.unit_id == receipt.unit_id and actor.role in APPLICANTS)
            )
            actions.acknowledge(receipt, by=who, at=self.world.at())

    def _office(self, application):
        return next(actor for actor in self.world.actors.values() if access.office(actor, application))

    @invariant()
    def nothing_is_on_a_list_without_a_decision_or_an_edition(self):
        for version in ItemVersion.objects.filter(edition__isnull=True):
            notice = WorkNotice.objects.get(number=version.notice_number)
            assert notice.application.decision.outcome == Decision.Outcome.APPROVED
            assert version.in_force.lower >= notice.issued_on

    @invariant()
    def no_notice_without_decision_and_no_decision_by_the_applicant(self):
        assert not WorkNotice.objects.exclude(application__decision__outcome=Decision.Outcome.APPROVED).exists()
        for decision in Decision.objects.select_related("application__applicant"):
            assert decision.application.applicant.name not in decision.decided_by
        decided = set(Decision.objects.values_list("application_id", flat=True))
        assert decided == set(Application.objects.filter(state__in=DECIDED).values_list("pk", flat=True))

    @invariant()
    def the_simple_procedure_only_where_all_agreed(self):
        for application in Application.objects.filter(procedure="simple", state=State.AWAITING_APPROVAL):
            assert {opinion.stance for opinion in Opinion.objects.standing(application)} == {"no_objection"}

    @invariant()
    def nobody_is_taken_to_agree_to_what_it_was_silent_about(self):
        """Read from the rows themselves: the newest round to each body has its agreement."""
        for application in Application.objects.filter(
            procedure="simple", state__in=[State.AWAITING_APPROVAL, *DECIDED]
        ):
            newest: dict[int, Opinion] = {}
            for word in Opinion.objects.filter(round__application=application).order_by(
                "round__number", "-on_behalf_by"
            ):
                newest[word.body_id] = word
            assert {word.stance for word in newest.values()} == {"no_objection"}

    @invariant()
    def nothing_is_heard_or_decided_with_a_version_under_way(self):
        past = Application.objects.exclude(state__in=[*PLAN_OPEN, State.WITHDRAWN])
        assert not past.filter(plans__frozen_at__isnull=True).exists()

    @invariant()
    def what_a_street_says_for_a_community_never_stands_before_its_own_word(self):
        answered = Opinion.objects.filter(answered_at__isnull=False)
        own = set(answered.filter(on_behalf_by__isnull=True).values_list("round", "body"))
        for application in Application.objects.all():
            for word in Opinion.objects.standing(application):
                assert word.on_behalf_by_id is None or (word.round_id, word.body_id) not in own

    @invariant()
    def every_step_left_one_event(self):
        for pk, steps in self.taken.items():
            kinds = [f"admission.application.{step.value}" for step in Step]
            lines = Event.objects.filter(target_type="admission.application", target_pk=str(pk), kind__in=kinds)
            assert lines.count() == steps

    @invariant()
    def whoever_may_act_can_see(self):
        today = acts.legal_day(self.world.at())
        for application in Application.objects.all():
            for actor in self.world.actors.values():
                if access.steps_here(actor, application, on=today):
                    assert Application.objects.visible_to(actor).filter(pk=application.pk).exists()

    @invariant()
    def closed_cases_have_no_running_clock_but_spans(self):
        running = Deadline.objects.filter(application__state__in=CLOSED, stopped_on__isnull=True)
        assert not running.exclude(clock__in=[*SPANS, "acknowledgement"]).exists()

    @invariant()
    def the_chain_is_whole(self):
        assert events.verify("430211") is None


@pytest.mark.django_db
def test_the_invariants_of_the_rulebook_hold_whatever_anybody_does():
    run_state_machine_as_test(
        TheProcedure,
        settings=settings(
            max_examples=10,
            stateful_step_count=14,
            print_blob=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_the_invariants_hold_over_long_runs():
    run_state_machine_as_test(
        TheProcedure,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=timedelta(minutes=5),
            suppress_health_check=list(HealthCheck),
        ),
    )
