"""From a draft to a submitted application (S2-P4 art 6, 7(一), 8(一); T3, T5, T5b)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from admission import access, conditions, requirements
from admission.actions import _prefill, _revision
from admission.actions._revision import freeze_plan
from admission.actions._take import record, take
from admission.conditions import returned_from_screening
from admission.conditions.listed import last_said
from admission.models import Application, ApplicationFile, Basis, PriorContact
from admission.procedure import FORM_OPEN, PLAN_OPEN, UNTOUCHED_OPEN, Kind, State, Step
from admission.rules import CountyRules, Key
from base import acts, numbering
from base.errors import NotAllowed, RuleViolation
from base.models import Attachment
from base.sentences import sentence
from base.text import in_a_row
from communities.models import Division
from communities.roles import Actor

# What the streets and communities were asked about does not change under their hands.
FIXED_ONCE_ASKED = frozenset({"title", "scope", "applies_to"})


@dataclass(frozen=True)
class DraftRows:
    """The rows of the form that are tables of their own; None leaves them as they are."""

    bases: Sequence[Mapping[str, Any]] | None = None
    prior_contacts: Sequence[Mapping[str, Any]] | None = None
    scope: Sequence[Division] | None = None
    plan: Mapping[str, Any] = field(default_factory=dict)

    @property
    def of_form(self) -> bool:
        """Is anything of the form itself among them, and not of the plan alone?"""
        return any(rows is not None for rows in (self.bases, self.prior_contacts, self.scope))


def save_draft(
    application: Application,
    *,
    by: Actor,
    at: datetime,
    seen: int | None = None,
    fields: Mapping[str, Any] | None = None,
    rows: DraftRows | None = None,
) -> Application:
    """Fill in the form and the plan. `fields`: columns of Application (not its state).

    Open in draft, consultation and correction; the plan also while points are coordinated and between meetings. Once
    anybody was asked, a change of what they were shown opens a new version of the plan, which is put to them again or
    declared to touch nobody.
    """
    fields, rows = fields or {}, rows or DraftRows()
    with acts.locked(application, at=at, seen=seen) as locked:
        access.check(by, Step.OPEN_CONSULTATION, locked)
        if fields.get("seal_confirmed") and locked.awaits_endorsement:
            raise NotAllowed(_("盖章声明由申请单位在认可时作出，起草的街道不能代它声明。"))
        _must_be_open(locked, form=bool(fields) or rows.of_form)
        _leave_as_listed(locked, fields)
        before, was = _noted(locked, fields, rows), _revision.asked_about(locked)
        for name, value in fields.items():
            if locked.state == State.PRE_CONSULTATION and name in FIXED_ONCE_ASKED and getattr(locked, name) != value:
                raise RuleViolation(_("征询已经发出，名称和适用范围不能再改；要改请先撤回，重新起草。"))
            setattr(locked, name, value)
        _save_rows(locked, rows)
        of_plan = _revision.save_plan(locked, rows.plan, was=was)
        found = _revision.changes(locked, before, _noted(locked, fields, rows), of_plan)
        record(locked, "save", says=_revision.says(found), by=by, data={"changed": found})
    return locked


def _noted(application: Application, fields: Mapping[str, Any], rows: DraftRows) -> dict[str, Any]:
    """What a save names, as it stands."""
    groups = {name: said for name, said in _revision.rows(application).items() if getattr(rows, name) is not None}
    return {**_revision.columns(application, fields), **groups}


def _must_be_open(application: Application, *, form: bool) -> None:
    if State(application.state) not in (FORM_OPEN if form else PLAN_OPEN):
        raise RuleViolation(_("本件现在是“%s”，申请表和方案不能再改。") % application.state_label)


def _save_rows(application: Application, rows: DraftRows) -> None:
    if rows.scope is not None:
        chosen = {division.pk for division in rows.scope}
        if application.state == State.PRE_CONSULTATION and chosen != set(
            application.scope.values_list("pk", flat=True)
        ):
            raise RuleViolation(_("征询已经发出，实施范围不能再改；要改请先撤回，重新起草。"))
        _leave_whole(application, chosen)
        if any(not division.code.startswith(application.county.code) for division in rows.scope):
            raise RuleViolation(_("实施范围只能是本区县的街道（镇）和社区。"))
        application.scope.set(rows.scope)
    if rows.bases is not None:
        application.bases.all().delete()
        Basis.objects.bulk_create(Basis(application=application, **row) for row in rows.bases)
    if rows.prior_contacts is not None:
        today = acts.legal_day(application.changed_at)
        if any(row["held_on"] > today for row in rows.prior_contacts):
            raise RuleViolation(_("事前沟通的沟通日期不能晚于今天。"))
        application.prior_contacts.all().delete()
        PriorContact.objects.bulk_create(PriorContact(application=application, **row) for row in rows.prior_contacts)


def _leave_as_listed(application: Application, fields: Mapping[str, Any]) -> None:
    """An exit is of the item as it is listed: under another name nobody knows what they are asked about (art 10)."""
    if application.kind == Kind.EXIT and any(
        name in fields and fields[name] != getattr(application, name) for name in requirements.AS_LISTED
    ):
        raise RuleViolation(_("退出的是清单上的事项，名称、对象和类别以清单为准，不能改。"))


def _leave_whole(application: Application, chosen: set[int]) -> None:
    """An exit takes the item off every list on which it stands; fewer places are a change of its scope (art 10)."""
    listed = last_said(application.item) if application.kind == Kind.EXIT and application.item else None
    if listed and chosen != set(_prefill.places_of(listed).values_list("pk", flat=True)):
        raise RuleViolation(
            _("退出是整项退出，实施范围就是清单上的范围。只有一部分地方不再做的，请申请变更，缩小实施范围。")
        )


def declare_untouched(
    application: Application, *, by: Actor, at: datetime, reason: str, seen: int | None = None
) -> Application:
    """The revised plan touches nothing that streets and communities do: the reason stands on the case for all.

    While points are coordinated the version is fixed at once; before, when the application is handed in.
    """
    with acts.locked(application, at=at, seen=seen) as locked:
        access.check(by, Step.OPEN_CONSULTATION, locked)
        if locked.state not in UNTOUCHED_OPEN:
            raise RuleViolation(_("本件现在是“%s”，申请表和方案不能再改。") % locked.state_label)
        if _revision.reaches_others(locked):
            raise RuleViolation(_("实施范围改了，请重新征询全部单位。"))
        locked.revision_untouched_reason = reason
        if locked.state not in FORM_OPEN:
            _revision.fix_revision(locked)
        says = sentence(gettext_noop("说明修改不涉及街道和社区：%(reason)s"), reason=reason)
        record(locked, "declare_untouched", says=says, by=by)
    return locked


def endorse(application: Application, *, by: Actor, at: datetime, seen: int | None = None) -> Application:
    """The department takes over a draft that a street prepared for it, and declares its approval under its seal.

    From then on it is the department's. Raises NotYet while less is written than a consultation needs.
    """
    with acts.locked(application, at=at, seen=seen) as locked:
        if locked.prepared_by_id is None or not access.applicant_unit(by, locked):
            raise NotAllowed(_("只有申请单位可以认可代办的申请。"))
        if locked.endorsed_at is not None:
            raise RuleViolation(_("本件已经认可过了。"))
        _must_be_open(locked, form=True)
        if gaps := conditions.not_endorsable(locked, acts.legal_day(locked.changed_at)):
            raise conditions.NotYet(in_a_row(gaps))
        locked.endorsed_at, locked.seal_confirmed = locked.changed_at, True  # field 38: who endorses declares
        record(locked, "endorse", says=gettext_noop("申请单位认可代办的申请"), by=by)
    return locked


def add_file(
    application: Application, *, by: Actor, at: datetime, attachment: Attachment, purpose: str
) -> ApplicationFile:
    """Attach a file: the applicant and the office. What is filed may still be appended (T17); what was rejected or
    withdrawn is closed."""
    with acts.locked(application, at=at) as locked:
        if not (access.applicant(by, locked) or access.office(by, locked)):
            raise NotAllowed(_("只有申请单位和办公室可以上传附件。"))
        if not takes_files(locked):
            raise RuleViolation(_("本件没有准入，已经办结，不能再上传附件。"))
        added = ApplicationFile.objects.create(
            application=locked,
            attachment=attachment,
            purpose=purpose,
            added_at=locked.changed_at,
            added_by=by.label,
        )
        says = sentence(gettext_noop("上传附件：%(file)s"), file=attachment)
        record(locked, "add_file", says=says, by=by, data={"sha256": attachment.sha256})
    return added


def takes_files(application: Application) -> bool:
    """Can anything still be added to its dossier?"""
    return not application.is_closed or application.state == State.FILED


def remove_file(file: ApplicationFile, *, by: Actor, at: datetime) -> ApplicationFile:
    """Take a file off the form while the form is open; the record of it stays."""
    with acts.locked(file.application, at=at) as locked:
        if not access.applicant(by, locked):
            raise NotAllowed(_("只有申请单位可以移除附件。"))
        _must_be_open(locked, form=True)
        removed = ApplicationFile.objects.select_for_update().get(pk=file.pk)
        removed.removed_at = removed.removed_at or locked.changed_at
        removed.save()
        says = sentence(gettext_noop("移除附件：%(file)s"), file=removed.attachment)
        record(locked, "remove_file", says=says, by=by)
    return removed


def submit(application: Application, *, by: Actor, at: datetime, seen: int | None = None) -> Application:
    """T3: the formal application; the number is drawn here, the plan version is fixed."""
    details: dict[str, Any] = {}
    with take(application, Step.SUBMIT, by=by, at=at, seen=seen, details=details) as locked:
        if not locked.number:
            rules = CountyRules(locked.county.code, acts.legal_day(locked.changed_at))
            locked.number = numbering.next_number(
                locked.county.code,
                "application",
                wording=rules.value(Key.APPLICATION_WORDING),
                on=acts.legal_day(locked.changed_at),
                at=locked.changed_at,
            ).text
        locked.submitted_at = locked.changed_at
        _answer_defects(locked)
        plan = freeze_plan(locked)
        details |= {"number": locked.number, "plan": plan.number}
    return locked


def resubmit(application: Application, *, by: Actor, at: datetime, seen: int | None = None) -> Application:
    """T5, T5b: the corrected application goes back to where it was returned from."""
    step = Step.RESUBMIT_TO_SCREENING if returned_from_screening([application]) else Step.RESUBMIT
    with take(application, step, by=by, at=at, seen=seen) as locked:
        freeze_plan(locked)
        _answer_defects(locked)
        if step is Step.RESUBMIT:
            locked.submitted_at = locked.changed_at
    return locked


def _answer_defects(application: Application) -> None:
    """What was returned comes back mended, at once or after everybody was asked anew."""
    application.defect_notes.filter(answered_at__isnull=True).update(answered_at=application.changed_at)
