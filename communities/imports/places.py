"""The places and units of one county from files, as `communities/data/` has them for the demo."""

import csv
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from base.errors import RuleViolation
from communities import actions
from communities.imports.divisions import import_divisions
from communities.models import Department, Division
from communities.roles import COUNTY, Actor

DATA = Path(__file__).resolve().parent.parent / "data"
TIANYUAN = DATA / "tianyuan.csv"
TIANYUAN_DEPARTMENTS = DATA / "tianyuan_departments.csv"


def load_places(path: Path, *, by: Actor, at: datetime) -> Division:
    """The divisions of a file that holds one county, each community with its page of facts. Returns the county."""
    with path.open("rb") as stream:
        run = import_divisions(stream, by=by, at=at)
    if run.report["refused"]:
        line, text, why = run.report["refusals"][0]
        raise RuleViolation(_("第 %(line)d 行（%(text)s）：%(why)s") % {"line": line, "text": text, "why": why})
    with path.open(encoding="utf-8-sig", newline="") as lines:
        code = next(row["code"] for row in csv.DictReader(lines) if len(row["code"]) == COUNTY)
    county = Division.objects.get(code=code)
    actions.enrol_communities(county, by=by, at=at)
    return county


def load_departments(path: Path, *, county: Division, by: Actor, at: datetime) -> list[Department]:
    """The units of a county, a successor before the one it follows. Those already there stay as they are."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    streets = {division.code: division for division in Division.objects.under(county.code).of_level(9)}
    known = {unit.name: unit for unit in Department.objects.of(county.code)}
    unknown_start = Department._meta.get_field("starts_on").default
    for row in sorted(rows, key=lambda row: bool(row["successor"])):
        if row["name"] not in known:
            known[row["name"]] = actions.create_department(
                county, name=row["name"], short_name=row["short_name"], kind=Department.Kind(row["kind"]),
                aliases=[alias for alias in row["aliases"].split("|") if alias],
                street=streets[row["street"]] if row["street"] else None, hosts_office=row["hosts_office"] == "yes",
                starts_on=_day(row["starts_on"]) or unknown_start, ends_on=_day(row["ends_on"]),
                successor=known[row["successor"]] if row["successor"] else None, by=by, at=at,
            )  # fmt: skip
    return [known[row["name"]] for row in rows]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
