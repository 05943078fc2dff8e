"""The audit lines of reports and supervision cases: the county's own, none names a reporter."""

from datetime import datetime

from base import events
from base.events import Doer
from worklists.models import SupervisionCase, UnapprovedReport

Subject = UnapprovedReport | SupervisionCase


def record(subject: Subject, verb: str, *, says: str, by: Doer, at: datetime, version: int) -> None:
    """One line about a report or a case."""
    county = subject.county.code
    events.record(
        f"{subject._meta.label_lower}.{verb}", target=subject, by=by, at=at, chain=county,
        data={"version": version, "says": says}, audience=[county],
    )  # fmt: skip
