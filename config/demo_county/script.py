"""The acts of one case of the demo, as the people of the county would take them."""

from collections.abc import Callable
from datetime import datetime, time

from admission import actions
from admission.actions.attendance import Party
from admission.models import AgendaItem, Meeting, MeetingOpinion, NoticeReceipt, Opinion
from admission.presentation.attendees import guests, seated
from admission.procedure import Kind, State
from base.acts import legal_day
from communities.models import Division
from config.demo_county import days, texts
from config.demo_county.case import Case

Act = Callable[[datetime], object]
MEMBERS = ("组织部", "民政局", "编办", "司法局")
HELD_AFTER, STILL_AHEAD = 2, 6  # working days from the agenda to the meeting


class Script(Case):
    """A case and its acts, in the order in which they can come."""

    def draft(self, at: datetime) -> None:
        street = Division.objects.filter(code=self.row["for_street"]).first()
        by = self.cast.body(street) if street else self.filer
        self.application = actions.draft_application(
            by=by, at=at, kind=Kind(self.row["kind"]), applicant=self.unit if street else None, item=self.item
        )
        fields = texts.form(self, legal_day(at))
        if self.until is State.DRAFT:  # half filled in, as drafts are
            fields = {"title": fields["title"], "category": fields["category"], "starts_on": fields["starts_on"]}
        rows = actions.DraftRows(
            scope=None if self.row["kind"] == Kind.EXIT else self.scope,  # an exit is of the whole item
            bases=texts.bases(self),
            prior_contacts=texts.contacts(self, legal_day(at)),
            plan={} if self.until is State.DRAFT else texts.plan(self, legal_day(at)),
        )
        actions.save_draft(self.application, by=by, at=at, fields=fields, rows=rows)

    def endorse(self, at: datetime) -> None:
        actions.endorse(self.application, by=self.filer, at=at)

    def ask(self, at: datetime) -> None:
        actions.open_consultation(self.application, by=self.filer, at=at)

    def answers(self, at: datetime, *, but: int = 0) -> None:
        """The streets (but the first `but`) answer, for their communities too; the first of each for itself."""
        rows = list(Opinion.objects.current(self.application).select_related("body", "round__application"))
        streets = [row for row in rows if len(row.body.code) == len("430211001") and not row.answered_at]
        for n, row in enumerate(streets[but:]):
            below = [one.body for one in rows if one.body.code.startswith(row.body.code) and one.pk != row.pk]
            stance = "objection" if self.has("objection") and n == 0 else "no_objection"
            said = texts.opinion(stance, self.n)
            actions.give_opinion(row, by=self.cast.body(row.body), at=at, on_behalf_of=below[1:], stance=stance, **said)
            if not self.has("asked"):  # where the answers are still coming in, these come last
                self._own_word(rows, below[:1], at)
        if not streets:  # single communities, or a street's own application: they answer themselves
            self._own_word(rows, [row.body for row in rows if not row.answered_at], at)

    def _own_word(self, rows: list[Opinion], bodies: list[Division], at: datetime) -> None:
        for row in rows:
            if row.body in bodies:
                actions.give_opinion(row, by=self.cast.body(row.body), at=at, stance="no_objection")

    def ask_again(self, at: datetime) -> None:
        """A new plan version for those who objected."""
        plan = {"powers": "专业检测由部门委托的机构承担，社区只带路、告知和登记。"}
        actions.save_draft(self.application, by=self.filer, at=at, rows=actions.DraftRows(plan=plan))
        objecting = Opinion.objects.filter(round__application=self.application, stance="objection")
        self.respond(at)
        bodies = [row.body for row in objecting]
        actions.reopen_consultation(self.application, by=self.filer, at=at, bodies=bodies)

    def respond(self, at: datetime) -> None:
        """The applicant says what becomes of each objection (field 35)."""
        for row in Opinion.objects.to_respond([self.application]).select_related("body", "round__application"):
            fate, reason = texts.response(self.n)
            actions.respond_to_opinion(row, by=self.filer, at=at, fate=fate, reason=reason)

    def submit(self, at: datetime) -> None:
        actions.submit(self.application, by=self.filer, at=at)

    def return_it(self, at: datetime) -> None:
        actions.return_for_correction(self.application, by=self.office, at=at, defects=texts.DEFECTS)

    def accept(self, at: datetime) -> None:
        actions.accept(self.application, by=self.office, at=at)

    def screen(self, at: datetime) -> None:
        actions.begin_screening(self.application, by=self.office, at=at)

    def return_from_screening(self, at: datetime) -> None:
        actions.return_from_screening(self.application, by=self.office, at=at, defects=texts.DEFECTS[:1])

    def propose(self, at: datetime) -> None:
        actions.propose_simple(self.application, by=self.office, at=at, findings=texts.FINDINGS)

    def coordinate(self, at: datetime) -> None:
        application = actions.begin_coordination(self.application, by=self.office, at=at, findings=texts.FINDINGS)
        asked = "司法局" if str(application.applicant) != "司法局" else "编办"
        actions.record_contact(
            application,
            by=self.office,
            at=at,
            department=self.cast.units[asked],
            held_on=legal_day(at),
            summary=f"{asked}认为依据有效，社区以告知和登记为限。",
        )

    def handle_points(self, at: datetime) -> None:
        for point in self.application.coordination.points.filter(handled_at__isnull=True):
            actions.handle_point(
                point, by=self.office, at=at, result="to_meeting", reason="双方看法不一，提交会议审议。"
            )

    def schedule(self, at: datetime) -> None:
        workdays = STILL_AHEAD if self.until is State.MEETING_SCHEDULED else HELD_AFTER
        planned_at = self._afternoon(at, workdays=workdays)
        self.meeting = self._joined(at, planned_at) or self._planned(at, planned_at)
        self.cast.hearings[self.application.pk] = self
        actions.schedule_meeting(self.application, by=self.office, at=at, meeting=self.meeting)

    def _joined(self, at: datetime, latest: datetime) -> Meeting | None:
        """A meeting that is planned already, so that there are no two on one afternoon."""
        ahead = Meeting.objects.filter(state=Meeting.State.PLANNED, planned_at__gt=at, planned_at__lte=latest)
        if self.until is State.MEETING_SCHEDULED or self.application.office_recused:
            ahead = ahead.filter(planned_at=latest)
        return ahead.order_by("planned_at").first()

    def _planned(self, at: datetime, planned_at: datetime) -> Meeting:
        return actions.plan_meeting(
            by=self.office, at=at, planned_at=planned_at, place="区政府三楼会议室", chair="deputy"
        )

    def _afternoon(self, at: datetime, *, workdays: int) -> datetime:
        return days.at(self.cast.days.after(legal_day(at), workdays), time(14, 30))

    def hold(self, at: datetime) -> None:
        """Whoever comes first records the whole agenda."""
        meeting = Meeting.objects.get(pk=self.meeting.pk)
        if meeting.state == Meeting.State.CLOSED:
            return
        heard = []
        for item in AgendaItem.objects.filter(meeting=meeting).order_by("seq"):
            conclusion = self.cast.hearings[item.application_id].conclusion
            heard.append(actions.Heard(item, texts.REPORT, conclusion, texts.CONCLUSIONS[conclusion], texts.SAID))
        present: dict[Party, str] = {self.cast.units[name]: "副职" for name in MEMBERS[: 3 + self.n % 2]}
        agenda = meeting.agenda.select_related("application__applicant__street").order_by("seq")
        asked = guests(meeting, agenda, {seat.party.pk for seat in seated(meeting)}, inside=True)
        present |= {one.party: "分管负责人" for one in (*asked.applicants, *asked.streets[:5])}
        present |= {one.party: "" for one in asked.communities[::9]}
        meeting = actions.record_meeting(
            meeting, by=self.office, at=at, present=present, heard=heard, minutes=texts.MINUTES
        )
        actions.close_minutes(meeting, by=self.cast.deputy, at=at)

    @property
    def conclusion(self) -> str:
        """What the meeting will say of this case."""
        if self.until is State.DEFERRED:
            return "defer"
        if self.has("refuse"):
            return "refuse"
        return "admit_amended" if self.has("amended") else "admit"

    def answer_meeting(self, at: datetime) -> None:
        for opinion in MeetingOpinion.objects.filter(agenda_item__application=self.application):
            actions.answer_meeting_opinion(
                opinion, by=self.filer, at=at, fate="adopted", answer="已写入方案并列入预算。"
            )

    def request_approval(self, at: datetime) -> None:
        actions.request_approval(self.application, by=self.office, at=at)

    def decide(self, at: datetime) -> None:
        by = self.cast.director if self.n % 4 == 0 else self.cast.deputy
        if self.until is State.REJECTED:
            actions.reject(self.application, by=by, at=at, text="会议不同意，由部门自行组织实施。")
        else:
            actions.approve(self.application, by=by, at=at, text="同意。请按方案落实人员和经费。")

    def issue(self, at: datetime) -> None:
        actions.issue_notice(self.application, by=self.office, at=at)

    def acknowledge(self, at: datetime, *, but: int = 0) -> None:
        """The last addressees first; the first `but` have not yet."""
        rows = NoticeReceipt.objects.filter(notice__application=self.application).select_related(
            "body", "unit", "notice__application"
        )
        for row in rows.order_by("-pk")[: max(rows.count() - but, 1)]:
            actions.acknowledge(row, by=self.cast.body(row.body) if row.body else self.filer, at=at)

    def file(self, at: datetime) -> None:
        actions.file_application(self.application, by=self.office, at=at)

    def withdraw(self, at: datetime) -> None:
        actions.withdraw(self.application, by=self.filer, at=at, reason="部门改由购买服务完成，不再需要社区承担。")
