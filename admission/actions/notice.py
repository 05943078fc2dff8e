"""The work notice and its effect on the lists (S2-P4 art 7(三), 8(四); T16): they stand or fall together."""

from collections.abc import Sequence
from copy import copy
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from admission import access, differences, requirements
from admission.actions import _clocks, _report
from admission.actions._take import record, take
from admission.actions.consultation import bodies_of, places_left
from admission.conditions.listed import in_force_from, stood
from admission.deadlines import Clock
from admission.models import Application, NoticeReceipt, WorkNotice
from admission.procedure import Kind, Step
from admission.rules import CountyRules, Key
from base import acts, numbering
from base.errors import NotAllowed, RuleViolation
from base.sentences import sentence
from base.text import spoken_in_chinese
from communities.models import Division
from communities.roles import Actor
from worklists import actions as worklists
from worklists.content import ItemContent
from worklists.kinds import Ending, Origin
from worklists.models import WorkItem

PLAN_FIELDS = (
    *("goal", "requirements", "community_does", "community_does_not", "powers", "division", "process", "milestones"),
    *("people", "money_source", "money_schedule", "money_zero_reason", "training", "guidance", "premises", "rules"),
)
"""What the notice takes from the plan, word for word."""


def issue_notice(application: Application, *, by: Actor, at: datetime, seen: int | None = None) -> WorkNotice:
    """T16: number, notice, receipts, and the change of the list, in one transaction."""
    details: dict[str, Any] = {}
    with take(application, Step.ISSUE_NOTICE, by=by, at=at, seen=seen, details=details) as locked:
        on = acts.legal_day(locked.changed_at)
        if locked.item_id:
            WorkItem.objects.select_for_update().get(pk=locked.item_id)  # items before number series (lock order)
        wording = CountyRules(locked.county.code, on).value(Key.NOTICE_WORDING)
        number = numbering.next_number(
            locked.county.code, "work_notice", wording=wording, on=on, at=locked.changed_at
        ).text
        starts_on, bodies = in_force_from(locked, on), bodies_of(locked)  # before the list changes: who loses it, too
        changes = changes_of(locked, starts_on=starts_on)
        locked.item = put_into_effect(locked, number=number, starts_on=starts_on, by=by)
        _report.settle(locked, item=locked.item, notice_number=number, by=by)
        notice = WorkNotice.objects.create(
            application=locked,
            number=number,
            issued_at=locked.changed_at,
            issued_on=on,
            issued_by=by.label,
            starts_on=starts_on,
            ends_on=locked.ends_on,
            content=content_of(locked) | changes,
        )
        _address(notice, locked, bodies)
        details["number"] = number
    return notice


def put_into_effect(application: Application, *, number: str, starts_on: date, by: Actor) -> WorkItem:
    """What the approval does to the list. Admission decides; `worklists` records."""
    common: dict[str, Any] = {
        "content": item_content(application),
        "scope": list(application.scope.values_list("code", flat=True)),
        "starts_on": starts_on,
        "ends_on": application.ends_on,
        "notice_number": number,
        "decided_on": application.decision.decided_on,
        "by": by,
        "at": application.changed_at,
    }
    match Kind(application.kind), application.item:
        case Kind.ADMISSION, None:
            return worklists.admit_item(application.county, origin=Origin.ADMISSION, **common)
        case Kind.CONFIRMATION, None:
            return worklists.admit_item(application.county, origin=Origin.CONFIRMATION, **common)
        case Kind.CHANGE, WorkItem() as item:
            return worklists.amend_item(item, **common)
        case Kind.EXIT, WorkItem() as item:
            return worklists.retire_item(
                item, ends_on=starts_on, ending=Ending.REMOVED, by=by, at=application.changed_at, notice_number=number
            )
    raise ValueError(f"{application.kind} does not fit its item: {application.pk}")


def item_content(application: Application) -> ItemContent:
    """What the list will say."""
    plan = requirements.fixed_plan(application)
    return ItemContent(
        title=application.title,
        subject_type=application.subject_type,
        category=application.category,
        applies_to=application.applies_to,
        executor=application.executor,
        department_id=application.applicant_id,
        department_text=application.applicant.name,
        does=plan.community_does or plan.requirements,
        does_not=plan.community_does_not,
        basis="\n".join(str(basis) for basis in application.bases.all()),
    )


@spoken_in_chinese
def content_of(application: Application) -> dict[str, Any]:
    """What the notice says (rulebook 5.4), kept as it was on the day: in Chinese, whatever the office reads."""
    plan = requirements.fixed_plan(application)
    said = {name: getattr(plan, name) for name in PLAN_FIELDS}
    return {
        **said,
        "money_amount": str(plan.money_amount) if plan.money_amount else "",
        "plan": plan.number,
        "title": application.title,
        "item_code": application.item.code if application.item else "",
        "kind": application.get_kind_display(),
        "kind_code": application.kind,
        "subject_type": application.subject_type,
        "category": application.get_category_display(),
        "applicant": application.applicant.name,
        "contact": f"{application.contact_name} {application.contact_phone}".strip(),
        "bases": [basis.cited for basis in application.bases.all()],
        "scope": list(application.scope.order_by("code").values_list("name", flat=True)),
        "applies_to": application.get_applies_to_display(),
        "executor": application.get_executor_display(),
        "is_standing": application.is_standing,
        "adds": {
            name: getattr(application, f"adds_{name}")
            for name in ("ledger", "report", "system", "plate", "evaluation", "proof")
        },
        "procedure": application.get_procedure_display(),
        "decided_on": application.decision.decided_on.isoformat(),
        "decision": application.decision.text,
        "office": application.office_unit.name,
    }


@spoken_in_chinese
def changes_of(application: Application, *, starts_on: date) -> dict[str, Any]:
    """What a change changes of the version that stood, field by field, and the places that lose the item (art 10).

    Asked before the list changes; nothing for the other kinds, an exit takes the item off everywhere.
    """
    listed = stood(application) if application.kind == Kind.CHANGE else None
    if listed is None:
        return {}
    from_its_day = copy(application)
    from_its_day.starts_on = starts_on
    before = Division.objects.filter(code__in=listed.scopes.values("code")).order_by("code")
    rows = differences.of_listed(
        listed,
        from_its_day,
        plan=requirements.fixed_plan(application),
        bases=[str(basis) for basis in application.bases.order_by("pk")],
        scope_before=[place.name for place in before],
        scope_after=list(application.scope.order_by("code").values_list("name", flat=True)),
    )
    return {
        "listed_title": listed.title,
        "changed": [[row.name, row.before, row.after] for row in differences.changed(rows)],
        "leaves": [[place.code, place.name] for place in places_left(application, starts_on)],
    }


def _address(notice: WorkNotice, application: Application, bodies: Sequence[Division]) -> None:
    """Every street and community concerned, and the applicant, acknowledge receipt."""
    own = application.applicant.street
    NoticeReceipt.objects.bulk_create(
        [NoticeReceipt(notice=notice, unit=application.applicant)]
        + [NoticeReceipt(notice=notice, body=body) for body in bodies if body != own]
    )


def acknowledge(receipt: NoticeReceipt, *, by: Actor, at: datetime) -> NoticeReceipt:
    """A street, a community or the applicant has received the notice. The clock stops with the last one."""
    application = receipt.notice.application
    with acts.locked(application, at=at) as locked:
        row = NoticeReceipt.objects.select_for_update(of=("self",)).select_related("body", "unit").get(pk=receipt.pk)
        if not access.addressed(by, row):
            raise NotAllowed(_("只能由收到告知单的单位签收。"))
        if row.acknowledged_at is not None:
            raise RuleViolation(_("本单位已经签收过了。"))
        row.acknowledged_at, row.acknowledged_by = locked.changed_at, by.label
        row.save()
        if not receipt.notice.receipts.open().exists():
            clock = locked.deadlines.filter(clock=Clock.ACKNOWLEDGEMENT, stopped_on__isnull=True).first()
            _clocks.stop(clock, on=acts.legal_day(locked.changed_at))
        says = sentence(gettext_noop("%(body)s签收告知单"), body=row.body or row.unit)
        record(locked, "acknowledge", says=says, by=by)
    return row


def addressees(notice: WorkNotice) -> list[Division]:
    """The streets and communities a notice is addressed to, by code."""
    return list(Division.objects.filter(pk__in=notice.receipts.values("body")).order_by("code"))
