"""What every page says about who is working: the actor, the county, the appointments to switch between."""

from typing import Any

from django.http import HttpRequest

from communities.actors import Standing, standing_of


def who(request: HttpRequest) -> dict[str, Any]:
    """`actor` (None for a visitor), `place` (the county's name), `appointments` [(value, label, current)]."""
    standing = standing_of(request)
    return {"actor": standing.actor, "place": standing.county_name, "appointments": _choices(standing)}


def _choices(standing: Standing) -> list[tuple[int, str, bool]]:
    if len(standing.appointments) == 1:
        return []
    return [(row.pk, row.actor().label, row is standing.current) for row in standing.appointments]
