"""The audit log: one hash chain per county, city, or the platform. `record` is the only writer of lines.

`record` collects; the outermost act writes, so that the chain head is the last lock of its transaction.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import override

from base.models import Event, EventChain
from base.sentences import Sentence, read
from base.text import in_chinese

Line = dict[str, Any]
SAYS, MADE_OF = "says", "says_of"
"""What a line keeps of its sentence: the Chinese text and, where it has facts in it, what it was made of."""
_pending: ContextVar[list[Event] | None] = ContextVar("pending_events", default=None)


class Doer(Protocol):
    """Who acts, as far as the log needs to know."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def label(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def code(self) -> str: ...


@contextmanager
def collecting() -> Iterator[None]:
    """A transaction whose lines are written at its end; inner blocks join the outer one.

    The lines of an inner block that fails go with it, also when the outer one carries on.
    """
    outer = _pending.get()
    if outer is not None:
        before = len(outer)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del outer[before:]
            raise
        return
    token = _pending.set([])
    try:
        with transaction.atomic():
            yield
            _write(_pending.get() or [])
    finally:
        _pending.reset(token)


def record(
    kind: str,
    *,
    target: models.Model,
    by: Doer,
    at: datetime,
    chain: str,
    data: Line | None = None,
    audience: Sequence[str] = (),
    in_feed: bool = True,
) -> None:
    """Write one line about `target` on the chain of `chain` (a county's or city's code, or "" for the platform).

    `audience`: division codes whose people may know of it. Raises RuntimeError outside `collecting`.
    """
    pending = _pending.get()
    if pending is None:
        raise RuntimeError("events.record needs an act around it (base.acts)")
    pending.append(
        Event(
            chain=chain, kind=kind, at=at,
            by_user_id=by.user_id, by_label=by.label, by_role=str(by.role), by_code=by.code,
            target_type=target._meta.label_lower, target_pk=str(target.pk), target_label=in_chinese(target)[:300],
            data=_plain(data or {}), audience=list(audience), in_feed=in_feed,
        )
    )  # fmt: skip


def _plain(data: Line) -> Line:
    """As it will come back from the database: days and lazy texts as text, keys as text, whole numbers whole."""
    if isinstance(says := data.get(SAYS), Sentence):
        data = {**data, MADE_OF: says.made_of}
    with override(settings.LANGUAGE_CODE):  # the log has one language, whatever the one who acts reads
        written = json.dumps(data, cls=DjangoJSONEncoder, allow_nan=False)
    plain: Line = json.loads(written, parse_float=_number)
    return plain


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


def digest(event: Event) -> str:
    """The hash of a line: everything it says, and the hash of the line before."""
    said = {
        "chain": event.chain, "seq": event.seq, "kind": event.kind, "at": event.at.timestamp(),
        "by": [event.by_user_id, event.by_label, event.by_role, event.by_code],
        "target": [event.target_type, event.target_pk, event.target_label],
        "data": event.data, "audience": event.audience, "in_feed": event.in_feed, "prev": event.prev_hash,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _write(lines: list[Event]) -> None:
    for chain in sorted({line.chain for line in lines}):
        head = _locked_head(chain)
        ours = [line for line in lines if line.chain == chain]
        for line in ours:
            head.seq += 1
            line.seq, line.prev_hash = head.seq, head.hash
            head.hash = line.hash = digest(line)
        Event.objects.bulk_create(ours)
        head.save()


def _locked_head(chain: str) -> EventChain:
    """The head of a chain; its first line makes it."""
    heads = EventChain.objects.select_for_update().filter(code=chain)
    head = heads.first()
    if head is None:
        EventChain.objects.bulk_create([EventChain(code=chain)], ignore_conflicts=True)
        head = heads.get()
    return head


@dataclass(frozen=True)
class Broken:
    """The first line of a chain that does not fit."""

    chain: str
    seq: int
    why: str


def verify(chain: str) -> Broken | None:
    """Recompute one chain from its first line; None when it is whole, else the first broken line.

    The head is read first: lines written meanwhile come after it and are checked too.
    """
    head = EventChain.objects.filter(code=chain).first() or EventChain(code=chain)
    prev, seq = "", 0
    for line in Event.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=2000):
        seq += 1
        if why := _why_broken(line, seq, prev):
            return Broken(chain, seq, why)
        if seq == head.seq and line.hash != head.hash:
            return Broken(chain, seq, _("与链头不符"))
        prev = line.hash
    if seq < head.seq:
        return Broken(chain, seq + 1, _("缺行"))
    if not EventChain.objects.filter(code=chain, seq__gte=seq).exists() and seq:
        return Broken(chain, head.seq + 1, _("链头之后多出的行"))
    return None


def _why_broken(line: Event, seq: int, prev: str) -> str:
    if line.seq != seq:
        return _("缺行")
    if line.prev_hash != prev:
        return _("与前一行不相接")
    return "" if digest(line) == line.hash else _("内容与哈希不符")


def verify_all() -> list[Broken]:
    """The first broken line of every chain that has one."""
    return [broken for chain in chains() if (broken := verify(chain))]


def chains() -> list[str]:
    """Every chain that has a head or a line, the platform's first, then by length and code."""
    lines = set(Event.objects.values_list("chain", flat=True).distinct())
    heads = EventChain.objects.annotate(length=Length("code")).order_by("length", "code").values_list("code", flat=True)
    return [*heads, *sorted(lines - set(heads))]


@dataclass(frozen=True)
class Said:
    """One line of a timeline, for people (templates/components/timeline.html)."""

    at: datetime
    text: str
    detail: str


def said(line: Event) -> str:
    """What a line says, in the language of who reads it; as it was written where its words are no longer known."""
    written = str(line.data.get(SAYS) or line.kind)
    made_of = line.data.get(MADE_OF)
    return read(made_of, instead=written) if made_of else _(written)


def timeline(target: models.Model, *, code: str) -> list[Said]:
    """What was done about a record, newest first, for somebody of the division `code` ("" sees every place).

    Left out: what stays out of the feed, and what only other divisions may know of.
    """
    return [
        Said(line.at, said(line), line.by_label)
        for line in Event.objects.about(target).filter(in_feed=True)
        if not line.audience or any(code.startswith(place) or place.startswith(code) for place in line.audience)
    ]
