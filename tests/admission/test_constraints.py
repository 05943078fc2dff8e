"""Bad rows are refused by the database itself: each constraint and each append-only trigger broken on purpose."""

from collections.abc import Callable
from datetime import date

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, models, transaction

from admission import actions
from admission.models import (
    AgendaItem,
    Application,
    Attendance,
    CommitteeSeat,
    ConsultationRound,
    Coordination,
    Deadline,
    Decision,
    DefectNote,
    DisputedPoint,
    FilingRecord,
    ImplementationPlan,
    Meeting,
    MeetingOpinion,
    NoticeReceipt,
    Opinion,
    OpinionResponse,
    Screening,
    Watch,
    WorkNotice,
)
from tests.admission import world as ways

Break = Callable[[ways.World], object]


def change(model: type[models.Model], **fields: object) -> Callable[[object], int]:
    """Every row of a model gets these values."""
    return lambda _row: model._base_manager.update(**fields)


def again(model: type[models.Model], **fields: object) -> Callable[[object], object]:
    """A copy of a row, with these values."""

    def copy(_row: object) -> object:
        row = model._base_manager.order_by("pk").first()
        row.pk, row._state.adding = None, True
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        return row

    return copy


def watched(application: Application) -> Watch:
    """Somebody follows it."""
    return Watch.objects.create(application=application, inbox="office:1", since=application.created_at)


def a_second_case_in_the_same_place(row: object) -> object:
    """Another application under the number that is taken on the agenda."""
    return again(AgendaItem, application=again(Application, number="", submitted_at=None)(row))(row)


def said_twice_for_it(application: Application) -> None:
    """Two answers of a street for one body in one round."""
    street = Opinion.objects.filter(round__application=application).order_by("body__code")[0].body
    for _time in range(2):
        again(Opinion, on_behalf_by=street)(application)


REFUSED = [
    ("application_dates_in_order", ways.drafted, change(Application, ends_on=date(2026, 1, 1))),
    ("application_submitted_with_number", ways.drafted, change(Application, number="准申1号")),
    ("application_consulted_before_later_states", ways.drafted, change(Application, state="accepted")),
    ("application_procedure_once_screened", ways.screening, change(Application, state="approved")),
    ("application_about_an_item", ways.drafted, change(Application, kind="exit")),
    ("application_number_once", ways.screening, again(Application)),
    ("watch_once", ways.drafted, lambda row: [watched(row), watched(row)]),
    ("plan_version_once", ways.consulted, again(ImplementationPlan)),
    ("plan_one_open_version", ways.drafted, again(ImplementationPlan, number=9)),
    ("plan_money_not_negative", ways.drafted, change(ImplementationPlan, money_amount=-1)),
    ("round_once", ways.consulted, again(ConsultationRound)),
    ("opinion_own_once_per_round", ways.consulted, again(Opinion)),
    ("opinion_for_it_once_per_round", ways.consulted, said_twice_for_it),
    ("opinion_answered_whole", ways.consulted, again(Opinion, stance="")),
    ("opinion_says_what", ways.consulted, again(Opinion, stance="objection", points="")),
    ("defects_not_empty", ways.returned, change(DefectNote, defects=[])),
    ("screening_only_stricter", ways.coordinating, again(Screening, derived="ordinary", chosen="simple")),
    ("point_handled_whole", ways.coordinating, change(DisputedPoint, reason="")),
    ("deadline_one_running", ways.screening,
     lambda row: again(Deadline)(row) and Deadline.objects.filter(clock="consultation").update(stopped_on=None)),
    ("deadline_due_after_start", ways.screening, change(Deadline, due_on=date(2020, 1, 1))),
    ("decision_with_text", ways.approved, again(Decision, text="")),
    ("receipt_once", ways.noticed, again(NoticeReceipt)),
    ("receipt_has_one_addressee", ways.noticed, change(NoticeReceipt, body=None, unit=None)),
    ("receipt_acknowledged_by_whom", ways.noticed, change(NoticeReceipt, acknowledged_by="某岗")),
    ("seat_ends_after_start", ways.drafted, change(CommitteeSeat, ends_on=date(2000, 1, 1))),
    ("seat_once_at_a_time", ways.drafted, again(CommitteeSeat)),
    ("meeting_number_once", ways.WAYS["meeting_scheduled"], again(Meeting)),
    ("meeting_office_chairs_with_authority", ways.WAYS["meeting_scheduled"], change(Meeting, chair="office")),
    ("meeting_fell_through_with_reason", ways.WAYS["meeting_scheduled"], change(Meeting, state="off")),
    ("meeting_closed_with_minutes", ways.WAYS["meeting_scheduled"], change(Meeting, state="closed")),
    ("attendance_once", ways.deliberated, again(Attendance)),
    ("agenda_once", ways.WAYS["meeting_scheduled"], again(AgendaItem, seq=9)),
    ("agenda_seq_once", ways.deliberated, a_second_case_in_the_same_place),
    ("meeting_opinion_answered_whole", ways.deliberated, change(MeetingOpinion, fate="adopted")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "way", "bad"), REFUSED, ids=[row[0] for row in REFUSED])
def test_the_database_refuses_the_bad_row(world, name, way, bad):
    row = way(world)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        bad(row)


def responded(world: ways.World) -> Application:
    """The applicant has said what becomes of an objection."""
    application = ways.coordinating(world)
    objection = Opinion.objects.select_related("round__application", "body").filter(stance="objection").first()
    actions.respond_to_opinion(objection, by=world.actors["dept"], at=world.at(), fate="adopted", reason="照办。")
    return application


def acknowledged(world: ways.World) -> Application:
    """The applicant has acknowledged the notice."""
    application = ways.noticed(world)
    own = application.notice.receipts.select_related("notice__application").get(unit__isnull=False)
    actions.acknowledge(own, by=world.actors["dept"], at=world.at())
    return application


ONCE = [
    (OpinionResponse, responded), (Coordination, ways.coordinating), (Decision, ways.approved),
    (WorkNotice, ways.noticed), (FilingRecord, ways.filed),
]  # fmt: skip


@pytest.mark.parametrize(("model", "way"), ONCE, ids=[model.__name__ for model, _way in ONCE])
def test_what_happens_once_has_one_row(world, model, way):
    row = way(world)
    with pytest.raises(IntegrityError, match=r"(application_id|opinion_id|number).*_key"), transaction.atomic():
        again(model)(row)


FROZEN = [
    ("plan_frozen", ways.consulted, ImplementationPlan, {"goal": "改了"}),
    ("opinion_frozen", ways.consulted, Opinion, {"points": "改了"}),
    ("response_frozen", responded, OpinionResponse, {"reason": "改了"}),
    ("screening_frozen", ways.coordinating, Screening, {"opinion": "改了"}),
    ("decision_never_edited", ways.approved, Decision, {"text": "改了"}),
    ("notice_never_edited", ways.noticed, WorkNotice, {"issued_by": "别人"}),
    ("receipt_frozen", acknowledged, NoticeReceipt, {"acknowledged_by": "别人"}),
    ("filing_never_edited", ways.filed, FilingRecord, {"remarks": "改了"}),
    ("meeting_minutes_frozen", ways.deliberated, Meeting, {"minutes": "改了"}),
]


@pytest.mark.parametrize(("name", "way", "model", "changes"), FROZEN, ids=[row[0] for row in FROZEN])
def test_what_is_fixed_is_never_changed_or_deleted(world, name, way, model, changes):
    assert name in {trigger.name for trigger in model._meta.triggers}
    way(world)
    rows = model._base_manager.all()
    if model is NoticeReceipt:  # those that are still open may change
        rows = rows.filter(acknowledged_at__isnull=False)
    with pytest.raises(DatabaseError, match="pgtrigger: Cannot update"), transaction.atomic():
        rows.update(**changes)
    with pytest.raises(DatabaseError, match=r"pgtrigger: Cannot (update or )?delete"), transaction.atomic():
        rows._raw_delete("default")


def test_every_trigger_of_admission_is_tried_out():
    ours = apps.get_app_config("admission").get_models()
    triggers = {trigger.name for model in ours for trigger in getattr(model._meta, "triggers", [])}
    assert triggers == {name for name, *_rest in FROZEN}
