"""The course of a case: which acts, in which order, how many working days apart, up to where it stands."""

from collections.abc import Callable
from typing import Any

from admission.procedure import State
from config.demo_county.script import Script

Plan = list[tuple[int, Callable[..., None], dict[str, Any]]]


def acts_of(case: Script) -> Plan:
    """The acts of a case up to where it stands, with the working days before each."""
    stages = _stages(case)
    wanted = State.PRE_CONSULTATION if case.until is State.WITHDRAWN else case.until
    plan: Plan = []
    for reached, acts in stages:
        plan += acts
        if reached is wanted:
            break
    return [*plan, (2, case.withdraw, {})] if case.until is State.WITHDRAWN else plan


def _stages(case: Script) -> list[tuple[State, Plan]]:
    silent = 1 if case.has("silent") else 0
    waiting = case.until is State.PRE_CONSULTATION
    asking: Plan = [(1, case.ask, {})]
    if not case.has("asked"):
        asking.append((3, case.answers, {"but": silent}))
    elif case.item or case.row["scope"].count("|"):
        asking.append((1, case.answers, {"but": 1}))
    endorsed: Plan = [(1, case.endorse, {})] if case.row["for_street"] and case.until is not State.DRAFT else []
    front: list[tuple[State, Plan]] = [
        (State.DRAFT, [(0, case.draft, {})]),
        (State.PRE_CONSULTATION, [*endorsed, *asking]),
    ]
    if waiting:
        return front
    front.append((State.SUBMITTED, [(1, case.submit, {})]))
    if case.until is State.RETURNED and not case.has("screening"):
        return [*front, (State.RETURNED, [(1, case.return_it, {})])]
    front += [(State.ACCEPTED, [(1, case.accept, {})]), (State.SCREENING, [(1, case.screen, {})])]
    if case.until is State.RETURNED:
        return [*front, (State.RETURNED, [(1, case.return_from_screening, {})])]
    return [*front, *_middle(case), *_end(case)]


def _middle(case: Script) -> list[tuple[State, Plan]]:
    if case.has("simple"):
        return [(State.AWAITING_APPROVAL, [(1, case.propose, {})])]
    again: Plan = [(2, case.ask_again, {})] if case.has("reasked") else []
    heard: Plan = [(3, case.hold, {})]
    answered: Plan = [(1, case.answer_meeting, {}), (1, case.request_approval, {})]
    deferred: list[tuple[State, Plan]] = [(State.DEFERRED, [])] if case.until is State.DEFERRED else []
    return [
        (State.COORDINATION, [(1, case.coordinate, {}), *again]),
        (State.MEETING_SCHEDULED, [(2, case.respond, {}), (0, case.handle_points, {}), (1, case.schedule, {})]),
        (State.DELIBERATED, heard),
        *deferred,
        (State.AWAITING_APPROVAL, answered),
    ]


def _end(case: Script) -> list[tuple[State, Plan]]:
    decided: Plan = [(4, case.decide, {})]
    receipts: Plan = [(1, case.acknowledge, {"but": 0 if case.until is State.FILED else 4})]
    return [
        (State.REJECTED if case.until is State.REJECTED else State.APPROVED, decided),
        (State.NOTICE_ISSUED, [(1, case.issue, {}), *receipts]),
        (State.FILED, [(5, case.file, {})]),
    ]
