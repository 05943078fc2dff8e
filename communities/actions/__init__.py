"""Every act on places, units, posts, accounts and settings."""

from communities.actions.accounts import (
    close_account,
    correct_account,
    open_account,
    remove_second_factor,
    reopen_account,
    reset_password,
    unlock_account,
)
from communities.actions.places import close_division, create_division, enrol_communities, record_facts
from communities.actions.posts import appoint, end_appointment
from communities.actions.settings import set_county_setting
from communities.actions.units import add_alias, close_department, create_department, host_office

__all__ = [
    "add_alias",
    "appoint",
    "close_account",
    "close_department",
    "close_division",
    "correct_account",
    "create_department",
    "create_division",
    "end_appointment",
    "enrol_communities",
    "host_office",
    "open_account",
    "record_facts",
    "remove_second_factor",
    "reopen_account",
    "reset_password",
    "set_county_setting",
    "unlock_account",
]
