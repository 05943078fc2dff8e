"""The lists of record: editions as published, items as they stand on any day, reports from the receiving end."""

from worklists.models.edition import ItemList, ListEntry
from worklists.models.filing import CompletionFiling, FilingComment
from worklists.models.item import ItemScope, ItemVersion, WorkItem
from worklists.models.refusal import Refusal
from worklists.models.register import RegisterRule
from worklists.models.report import UnapprovedReport
from worklists.models.supervision import SupervisionAnswer, SupervisionCase

__all__ = [
    "CompletionFiling",
    "FilingComment",
    "ItemList",
    "ItemScope",
    "ItemVersion",
    "ListEntry",
    "Refusal",
    "RegisterRule",
    "SupervisionAnswer",
    "SupervisionCase",
    "UnapprovedReport",
    "WorkItem",
]
