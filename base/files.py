"""Attachments: what may be handed in, kept by its content outside the web root.

A file is written before the transaction that names it commits; one that nothing names does no harm.
"""

import hashlib
import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, events
from base.models import Attachment
from base.sentences import sentence
from base.sniffing import EXTENSIONS, FileRefused, sniff
from base.text import one_line

DOCUMENTS = frozenset({".pdf", ".ofd", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".jpg", ".jpeg", ".png"})
TABLES = frozenset({".csv", ".txt", ".xls", ".xlsx"})
"""What an import reads."""

NAME_BYTES = 180  # so that the name fits any file system it is saved to
LONGEST_REASON = Attachment._meta.get_field("quarantine_reason").max_length
FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*]')


@dataclass(frozen=True)
class Inspected:
    """A file that may be taken: its cleaned name and the type it will be sent with."""

    name: str
    mime: str
    size: int


def inspect(upload: File, *, allowed: frozenset[str] = DOCUMENTS, limit: int | None = None) -> Inspected:
    """Is this a file we take? `allowed`: extensions; `limit`: bytes, else ATTACHMENT_MAX_BYTES. Raises FileRefused."""
    name = clean_name(upload.name or "")
    extension = PurePosixPath(name).suffix.lower()
    if extension not in allowed:
        raise FileRefused(
            _("“%(name)s”不是可以上传的文件，可以上传的有：%(kinds)s。") % {"name": name, "kinds": in_words(allowed)}
        )
    size = _check_size(upload, name, settings.ATTACHMENT_MAX_BYTES if limit is None else limit)
    content, mime = EXTENSIONS[extension]
    try:
        found = sniff(upload.file)  # type: ignore[arg-type]
    except FileRefused as refusal:
        raise FileRefused(_("“%(name)s”：%(why)s") % {"name": name, "why": refusal}) from refusal
    if found is not content:
        raise FileRefused(
            _("“%(name)s”的内容与扩展名 %(extension)s 不符，请用原来的软件另存后再上传，不要只改扩展名。")
            % {"name": name, "extension": extension}
        )
    return Inspected(name, mime, size)


def keep(
    upload: File,
    *,
    by: events.Doer,
    at: datetime,
    county: str,
    allowed: frozenset[str] = DOCUMENTS,
    limit: int | None = None,
) -> Attachment:
    """Check a file, write it by its hash, and name it in the database. Raises FileRefused."""
    fit = inspect(upload, allowed=allowed, limit=limit)
    sha256 = _store(upload)
    return Attachment.objects.create(
        sha256=sha256,
        name=fit.name,
        size=fit.size,
        mime=fit.mime,
        county=county,
        uploaded_at=at,
        uploaded_by=by.label,
    )


def open_content(attachment: Attachment) -> IO[bytes]:
    """The bytes of an attachment. Raises FileRefused when it is quarantined or its content is gone."""
    if attachment.quarantine_reason:
        raise FileRefused(
            _("“%(name)s”已被隔离（%(why)s），不能打开，请联系平台管理员。")
            % {"name": attachment.name, "why": attachment.quarantine_reason}
        )
    try:
        return path_of(attachment.sha256).open("rb")
    except FileNotFoundError as error:
        raise FileRefused(_("“%s”的内容找不到了，请联系平台管理员从备份恢复。") % attachment.name) from error


def quarantine(sha256: str, why: str, *, by: events.Doer, at: datetime) -> int:
    """No attachment with this content is opened any more; an audit line for each. Returns how many there are."""
    if not one_line(why):
        raise FileRefused(_("请写明为什么隔离。"))
    with acts.act():
        rows = list(Attachment.objects.select_for_update().filter(sha256=sha256).order_by("pk"))
        for row in rows:
            row.quarantine_reason = one_line(why)[:LONGEST_REASON]
            row.save(update_fields=["quarantine_reason"])
            says = sentence(gettext_noop("隔离附件：%(why)s"), why=row.quarantine_reason)
            events.record(
                "base.attachment.quarantine", target=row, by=by, at=at, chain=row.county, in_feed=False,
                data={"says": says, "sha256": sha256},
            )  # fmt: skip
    return len(rows)


def path_of(sha256: str) -> Path:
    """Where the content with this hash is kept."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def clean_name(name: str) -> str:
    """The last part of a path, without characters that harm or deceive, short enough, its extension kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    tidy = FORBIDDEN_IN_NAMES.sub("_", one_line(last)).strip(". ")
    stem, dot, extension = tidy.rpartition(".")
    if not dot:
        stem, extension = tidy, ""
    extension = extension[:10]
    room = NAME_BYTES - len((dot + extension).encode())
    return (stem.encode()[:room].decode(errors="ignore").rstrip() + dot + extension) or _("未命名")


def in_words(allowed: frozenset[str]) -> str:
    """The allowed kinds for a help text: "doc、docx、pdf"."""
    return _("、").join(sorted(extension.lstrip(".") for extension in allowed))


def limit_in_words(limit: int | None = None) -> str:
    """The greatest size for a help text: "20 MB"."""
    return filesizeformat(settings.ATTACHMENT_MAX_BYTES if limit is None else limit).replace(".0", "")


def _check_size(upload: File, name: str, limit: int) -> int:
    size = upload.file.seek(0, os.SEEK_END)  # type: ignore[union-attr]
    if size == 0:
        raise FileRefused(_("“%s”是空文件，请检查后重新选择。") % name)
    if size > limit:
        raise FileRefused(
            _("“%(name)s”有 %(size)s，超过了每个文件 %(limit)s 的上限，请压缩或者拆开后再上传。")
            % {"name": name, "size": filesizeformat(size), "limit": filesizeformat(limit)}
        )
    return size


def _store(upload: File) -> str:
    """Write to a temporary file, make it durable, and only then give it its name: a crash leaves no half file."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=root, prefix=".incoming-")
    digest = hashlib.sha256()
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in upload.chunks():
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        target = path_of(digest.hexdigest())
        target.parent.mkdir(mode=0o700, exist_ok=True)
        Path(temporary).replace(target)
        for directory in (target.parent, root):
            _make_durable(directory)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return digest.hexdigest()


def _make_durable(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
