"""Who and where: divisions, departments, communities, appointments, a county's own settings."""

from communities.models.accounts import Account
from communities.models.imports import ImportRun
from communities.models.places import Community, Division
from communities.models.posts import Appointment
from communities.models.settings import CountySetting
from communities.models.units import Department
from communities.models.validity import ends_after_start, once_at_a_time, valid_on

__all__ = [
    "Account",
    "Appointment",
    "Community",
    "CountySetting",
    "Department",
    "Division",
    "ImportRun",
    "ends_after_start",
    "once_at_a_time",
    "valid_on",
]
