"""What a change does to the listed item, field by field (art 10)."""

from admission import differences
from admission.differences import Difference
from admission.presentation.case import Case
from admission.procedure import Kind
from communities.models import Division


def changes(case: Case) -> list[Difference]:
    """What differs from the list; empty for what is new and what goes. Three queries where there is an item."""
    return differences.changed(beside_the_list(case))


def beside_the_list(case: Case) -> list[Difference]:
    """Every field of a change beside what stands on the list; a plan under way is shown to its applicant alone."""
    application = case.application
    if application.kind not in {Kind.CHANGE, Kind.CONFIRMATION} or application.item is None:
        return []
    known = application.item.versions.known().order_by("-in_force")
    notice = getattr(application, "notice", None)
    rows = known.exclude(notice_number=notice.number) if notice else known
    listed = rows.first()
    if listed is None:
        return []
    before = Division.objects.filter(code__in=listed.scopes.values("code")).order_by("code")
    return differences.of_listed(
        listed,
        application,
        plan=next((plan for plan in case.plans if plan.frozen_at or case.is_applicant), None),
        bases=case.bases,
        scope_before=[place.name for place in before],
        scope_after=[place.name for place in case.scope],
    )
