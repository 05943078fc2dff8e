"""What a file really is, by its content: a closed list of kinds, and what makes one of them unfit to be kept."""

import struct
import zipfile
import zlib
from enum import StrEnum
from typing import IO

from django.utils.translation import gettext as _

from base.errors import RuleViolation
from base.text import NotText, decode


class FileRefused(RuleViolation):
    """This file cannot be taken; the sentence says why and what to do."""


class Content(StrEnum):
    """The kinds we know, by content."""

    PDF = "pdf"
    OFD = "ofd"
    WORD = "word"
    SHEET = "sheet"
    OLD_WORD = "old word"
    OLD_SHEET = "old sheet"
    JPEG = "jpeg"
    PNG = "png"
    TEXT = "text"
    OTHER = "other"


# Extension -> the content it promises, and the type it is sent with.
EXTENSIONS: dict[str, tuple[Content, str]] = {
    ".pdf": (Content.PDF, "application/pdf"),
    ".ofd": (Content.OFD, "application/ofd"),  # GB/T 33190
    ".docx": (Content.WORD, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": (Content.SHEET, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".doc": (Content.OLD_WORD, "application/msword"),
    ".wps": (Content.OLD_WORD, "application/wps-office.wps"),
    ".xls": (Content.OLD_SHEET, "application/vnd.ms-excel"),
    ".et": (Content.OLD_SHEET, "application/wps-office.et"),
    ".jpg": (Content.JPEG, "image/jpeg"),
    ".jpeg": (Content.JPEG, "image/jpeg"),
    ".png": (Content.PNG, "image/png"),
    ".csv": (Content.TEXT, "text/csv"),
    ".txt": (Content.TEXT, "text/plain"),
}

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
SIGNATURES = {b"%PDF-": Content.PDF, b"\xff\xd8\xff": Content.JPEG, b"\x89PNG\r\n\x1a\n": Content.PNG}
PARTS = {"word/document.xml": Content.WORD, "xl/workbook.xml": Content.SHEET, "OFD.xml": Content.OFD}
STREAMS = {"WordDocument": Content.OLD_WORD, "Workbook": Content.OLD_SHEET, "Book": Content.OLD_SHEET}
OLE_MACROS = ("Macros", "_VBA_PROJECT_CUR")
OLE_ENTRY = 128  # directory entries of an OLE file stand at multiples of this

MEMBERS_MAX = 5_000
UNPACKED_MAX = 200 * 1024 * 1024
RATIO_MAX = 150
SMALL = 10 * 1024 * 1024  # below this no ratio is dangerous


def sniff(file: IO[bytes]) -> Content:
    """The kind of a file by its content. Raises FileRefused for a dangerous or broken one of a known kind."""
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    for signature, content in SIGNATURES.items():
        if head.startswith(signature):
            return content
    if head.startswith(ZIP):
        return _package(file)
    return _ole(file.read()) if head.startswith(OLE) else _text(file.read())


def _text(content: bytes) -> Content:
    try:
        decode(content)
    except NotText:
        return Content.OTHER
    return Content.TEXT


def _ole(content: bytes) -> Content:
    if _has_stream(content, "EncryptedPackage"):
        raise FileRefused(_("文件加了密，请去掉密码后再上传。"))
    found = next((kind for name, kind in STREAMS.items() if _has_stream(content, name)), Content.OTHER)
    if found is not Content.OTHER and any(_has_stream(content, name) for name in OLE_MACROS):
        raise FileRefused(_("文件里有宏，请另存为不带宏的文件再上传。"))
    return found


def _has_stream(content: bytes, name: str) -> bool:
    """Does the directory of an OLE file have an entry of this name? (MS-CFB 2.6.1: UTF-16, ended by a zero.)"""
    wanted = (name + "\0").encode("utf-16-le")
    place = content.find(wanted)
    while place != -1 and place % OLE_ENTRY:
        place = content.find(wanted, place + 1)
    return place != -1


def _package(file: IO[bytes]) -> Content:
    """A zip container of a known kind. Every member is unpacked, for a header may lie about its size."""
    try:
        with zipfile.ZipFile(file) as package:
            members = package.infolist()
            names = {member.filename for member in members}
            found = next((kind for part, kind in PARTS.items() if part in names), Content.OTHER)
            if found is Content.OTHER:
                return found
            _check_members(members)
            _check_unpacked(package, members, packed=file.seek(0, 2))
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OSError) as error:
        raise FileRefused(_("文件已损坏，请重新保存后再上传。")) from error
    return found


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MEMBERS_MAX:
        raise _bomb()
    if any(member.flag_bits & 1 for member in members):
        raise FileRefused(_("文件加了密，请去掉密码后再上传。"))
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        raise FileRefused(_("文件里有宏，请另存为不带宏的文件再上传。"))
    if any(member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for member in members):
        raise FileRefused(_("文件的压缩方式不常见，请用办公软件重新保存后再上传。"))


def _check_unpacked(package: zipfile.ZipFile, members: list[zipfile.ZipInfo], *, packed: int) -> None:
    most = min(UNPACKED_MAX, max(SMALL, packed * RATIO_MAX))
    if sum(member.file_size for member in members) > most:
        raise _bomb()
    if package.testzip():  # unpacks no more than the header says, and compares
        raise zipfile.BadZipFile


def _bomb() -> FileRefused:
    return FileRefused(_("文件解压后大得不正常，不能接收，请用办公软件重新保存后再上传。"))
