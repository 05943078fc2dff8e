"""What a change does to the listed item, field by field (art 10)."""

from django.utils.translation import gettext as _

from admission import differences
from admission.differences import Difference
from admission.models import Application
from admission.presentation.case import Case
from admission.procedure import Kind
from communities.models import Division


def changes(case: Case) -> list[Difference]:
    """What differs from the list; empty for what is new and what goes. Three queries where there is an item."""
    return differences.changed(beside_the_list(case))


def listed_beside(case: Case, shown: Application) -> str:
    """Code and name on the list, where a change reads by another name; empty where nothing has to be said."""
    item, listed = shown.item, case.listed if shown.kind == Kind.CHANGE else None
    return in_words(item.code, listed.title) if item and listed and listed.title != shown.title else ""


def in_words(code: str, title: str) -> str:
    """Which item of the list is meant."""
    return _("对应清单事项：%(code)s %(title)s") % {"code": code, "title": title}


def beside_the_list(case: Case) -> list[Difference]:
    """Every field of a change beside what stands on the list; a plan under way is shown to its applicant alone."""
    application = case.application
    if application.kind not in {Kind.CHANGE, Kind.CONFIRMATION} or application.item is None:
        return []
    listed = case.listed
    if listed is None:
        return []
    before = Division.objects.filter(code__in=listed.scopes.values("code")).order_by("code")
    return differences.of_listed(
        listed,
        application,
        plan=case.plan,
        bases=case.bases,
        scope_before=[place.name for place in before],
        scope_after=[place.name for place in case.scope],
    )
