"""The acts on lists and items. Each is one function; admission calls the first four with its notice."""

from worklists.actions.adoption import adopt_edition
from worklists.actions.editions import Head, discard_edition, draft_edition, publish_edition, revise_edition
from worklists.actions.entries import EntryText, add_entry, correct_entry, drop_entry, keep_entry
from worklists.actions.filing import acknowledge_filing, comment_filing, file_completion
from worklists.actions.items import admit_item, amend_item, correct_item, retire_item
from worklists.actions.previews import confirm_preview, number_preview, preview_edition
from worklists.actions.registers import enter_rules

__all__ = [
    "EntryText",
    "Head",
    "acknowledge_filing",
    "add_entry",
    "admit_item",
    "adopt_edition",
    "amend_item",
    "comment_filing",
    "confirm_preview",
    "correct_entry",
    "correct_item",
    "discard_edition",
    "draft_edition",
    "drop_entry",
    "enter_rules",
    "file_completion",
    "keep_entry",
    "number_preview",
    "preview_edition",
    "publish_edition",
    "retire_item",
    "revise_edition",
]
