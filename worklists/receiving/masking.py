"""Who reported is for the office alone. Everybody else reads a report with the reporter masked to the street."""

from collections.abc import Sequence
from dataclasses import dataclass

from communities.models import Division
from communities.roles import Actor, Role
from worklists import access
from worklists.models import UnapprovedReport

STREET = 9
SOMEBODY = "某社区"
TAILS = ("社区居民委员会", "村民委员会", "居委会", "村委会", "社区", "村")


@dataclass(frozen=True)
class Shown:
    """A report as this reader may read it."""

    report: UnapprovedReport
    reporter: str
    reported_by: str
    details: str
    is_masked: bool


def knows_reporter(actor: Actor, report: UnapprovedReport) -> bool:
    """Who handles it, and the reporter itself: the office knows nothing of a report about its own unit."""
    if access.handles(actor, report):
        return True
    return actor.role in {Role.STREET, Role.COMMUNITY} and actor.code == report.reporter.code


def shown(actor: Actor, reports: Sequence[UnapprovedReport]) -> list[Shown]:
    """The reports as this actor may read them; `reporter` and `county` must be loaded. One query."""
    codes = {report.reporter.code[:STREET] for report in reports}
    streets = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
    return [_shown(actor, report, streets.get(report.reporter.code[:STREET], "")) for report in reports]


def street_level(name: str) -> str:
    """The words for a reporter whose name is not told: a street's own report and a community's read the same."""
    return f"{name}辖区"


def without_name(text: str, name: str) -> str:
    """A text in which the reporter's own name, long or short, is not told."""
    for each in sorted({name, _stem(name)} - {""}, key=len, reverse=True):
        text = text.replace(each, SOMEBODY)
    for tail in TAILS:
        text = text.replace(SOMEBODY + tail, SOMEBODY)
    return text


@dataclass(frozen=True)
class Unnamed:
    """Somebody of a street's territory, as the logs may know it (base.events.Doer): no account, no community, and no
    post, so that nobody finds it among their own deeds."""

    label: str
    code: str
    user_id: int | None = None
    role: str = ""


def unnamed(by: Actor, street: str) -> Unnamed:
    """The reporter as the audit log and the register of attachments know it."""
    return Unnamed(f"{street_level(street)} · 报告单位", by.code[:STREET])


def _shown(actor: Actor, report: UnapprovedReport, street: str) -> Shown:
    if knows_reporter(actor, report):
        return Shown(report, report.reporter.name, report.reported_by, report.details, is_masked=False)
    details = without_name(report.details, report.reporter.name)
    return Shown(report, street_level(street), "", details, is_masked=True)


def _stem(name: str) -> str:
    """湘银社区 -> 湘银; a stem of one character would mask half a sentence."""
    for tail in TAILS:
        if name.endswith(tail) and len(name) - len(tail) > 1:
            return name[: -len(tail)]
    return ""
