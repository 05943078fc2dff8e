"""Who does the office's work where the unit that hosts it is itself concerned (A-9; docs/adr/0013)."""

from datetime import date

from communities.models import Department
from worklists import departments, rules


def host_of(county: str, *, on: date) -> Department | None:
    """The unit at which the committee's office sits on a day."""
    return Department.objects.of(county).hosting(on).first()


def stand_in_of(county: str, *, on: date) -> Department | None:
    """The unit that the county has set to stand in for the office; None where there is no such unit."""
    units = Department.objects.of(county).valid(on).filter(hosts_office=False)
    return units.named(rules.value(county, rules.Key.SUBSTITUTE_UNIT, on=on)).first()


def concerns_host(county: str, unit: Department | None, text: str, *, on: date) -> bool:
    """Is this the host of the office, or a unit that it succeeded? Where no unit was picked, its name says it."""
    host = host_of(county, on=on)
    unit = unit or departments.mapping(county, [text], on=on)[text]
    return host is not None and unit is not None and unit.pk in departments.acting_for(host.pk)
