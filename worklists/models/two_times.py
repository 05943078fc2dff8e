"""Rows in two times: `in_force` (legal days) and `recorded` (when we knew). What is changed is recorded anew."""

from datetime import datetime

import pgtrigger
from django.db.models import Q


def known(at: datetime | None) -> Q:
    """Rows as they were known at a moment; None means now."""
    return Q(recorded__upper_inf=True) if at is None else Q(recorded__contains=at)


def closes_once(name: str, row: str) -> pgtrigger.Trigger:
    """Refuses every change of a row but one: the end of its recorded time. `row`: what it is called."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
                    IF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded)
                       AND lower(OLD.recorded) = lower(NEW.recorded)
                       AND to_jsonb(OLD) - 'recorded' = to_jsonb(NEW) - 'recorded' THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: {row} is append-only, only its recorded time may be closed once';
                """,
    )
