"""Acceptance, return for correction and initial screening by the office (art 3, 7(二), 8(二); T4, T4b, T6, T7, T8)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from admission import requirements
from admission.actions._take import take
from admission.actions.consultation import dispute
from admission.models import Application, DefectNote, Opinion, Screening
from admission.procedure import Procedure, Step
from base import acts
from base.errors import RuleViolation
from communities.roles import Actor

Defects = Sequence[Mapping[str, str]]


def return_for_correction(
    application: Application, *, by: Actor, at: datetime, defects: Defects, seen: int | None = None
) -> Application:
    """T4: everything that is missing, once and completely (一次性告知). `defects`: [{"part": ..., "what": ...}]."""
    return _return(application, Step.RETURN, by=by, at=at, defects=defects, seen=seen)


def return_from_screening(
    application: Application, *, by: Actor, at: datetime, defects: Defects, seen: int | None = None
) -> Application:
    """T4b: returned during screening; the decision clock stands still."""
    return _return(application, Step.RETURN_FROM_SCREENING, by=by, at=at, defects=defects, seen=seen)


def _return(
    application: Application, step: Step, *, by: Actor, at: datetime, defects: Defects, seen: int | None
) -> Application:
    listed = [{"part": row.get("part", ""), "what": row["what"]} for row in defects if row.get("what")]
    if not listed:
        raise RuleViolation(_("退回要一次写明需要补正的全部内容。"))
    with take(application, step, by=by, at=at, seen=seen, details={"defects": len(listed)}) as locked:
        DefectNote.objects.create(
            application=locked,
            defects=listed,
            from_screening=step is Step.RETURN_FROM_SCREENING,
            returned_at=locked.changed_at,
            returned_by=by.label,
        )
    return locked


def accept(application: Application, *, by: Actor, at: datetime, seen: int | None = None) -> Application:
    """T6: materials complete; the decision clock starts (or goes on, after a return for new opinions)."""
    with take(application, Step.ACCEPT, by=by, at=at, seen=seen) as locked:
        locked.accepted_at = locked.accepted_at or locked.changed_at
    return locked


def begin_screening(application: Application, *, by: Actor, at: datetime, seen: int | None = None) -> Application:
    """T7: the office begins; by a substitute where its host applies (A-9)."""
    with take(application, Step.BEGIN_SCREENING, by=by, at=at, seen=seen) as locked:
        pass
    return locked


def derived_procedure(application: Application) -> Procedure:
    """Simple only where everyone asked answered 无异议, and nobody has asked for a meeting (art 7; A-2, A-4)."""
    counts = requirements.standing_counts(application, acts.legal_day(application.changed_at))
    agreed = counts.only_agreement and not application.stricter_reason
    return Procedure.SIMPLE if agreed else Procedure.ORDINARY


def propose_simple(
    application: Application, *, by: Actor, at: datetime, findings: Mapping[str, str], seen: int | None = None
) -> Application:
    """T8s: the office puts an undisputed case directly to the committee. `findings`: the columns of Screening."""
    with take(application, Step.PROPOSE_SIMPLE, by=by, at=at, seen=seen) as locked:
        locked.procedure = Procedure.SIMPLE
        _screened(locked, by, findings, chosen=Procedure.SIMPLE)
    return locked


def begin_coordination(
    application: Application,
    *,
    by: Actor,
    at: datetime,
    findings: Mapping[str, str],
    stricter_reason: str = "",
    seen: int | None = None,
) -> Application:
    """T8o: ordinary procedure. Where all agreed the office may choose it, with a reason: only stricter (art 7 可)."""
    with take(application, Step.BEGIN_COORDINATION, by=by, at=at, seen=seen) as locked:
        if derived_procedure(locked) is Procedure.SIMPLE and not stricter_reason:
            raise RuleViolation(_("征询全部无异议，从严适用普通程序要写明理由。"), field="stricter_reason")
        _screened(locked, by, findings, chosen=Procedure.ORDINARY)
        locked.procedure = Procedure.ORDINARY
        locked.stricter_reason = stricter_reason or locked.stricter_reason
        dispute(locked, list(Opinion.objects.standing(locked)))
    return locked


def _screened(application: Application, by: Actor, findings: Mapping[str, str], *, chosen: Procedure) -> Screening:
    return Screening.objects.create(
        application=application,
        derived=derived_procedure(application),
        chosen=chosen,
        screened_at=application.changed_at,
        screened_by=by.label,
        **findings,
    )
