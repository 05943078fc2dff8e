"""The fingerprint of an edition: whoever has the entries can compute it and see that nothing was changed. Pure."""

import hashlib
import json
from collections.abc import Iterable
from typing import Protocol


class Entry(Protocol):
    """What a fingerprint is made of."""

    seq: int
    department_text: str
    category: str
    title: str
    applies_to: str
    fate: str
    reason: str
    decision_number: str


def fingerprint(entries: Iterable[Entry]) -> str:
    """SHA-256 over the entries by number, as JSON: UTF-8, keys sorted, no spaces."""
    said = [
        {
            "seq": entry.seq, "department": entry.department_text, "category": entry.category, "title": entry.title,
            "applies_to": entry.applies_to, "fate": entry.fate, "reason": entry.reason,
            "decision_number": entry.decision_number,
        }
        for entry in sorted(entries, key=lambda entry: entry.seq)
    ]  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
