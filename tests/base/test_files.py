"""Attachments: what is taken, what is refused with which sentence, how it is kept and sent."""

import hashlib
import io
import struct
import zipfile
from pathlib import Path

import pytest
from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, transaction

from base import files, web
from base.files import DOCUMENTS, TABLES
from base.forms import UploadField, UploadsField
from base.models import Attachment, Event
from base.sniffing import FileRefused
from tests.base.made import JPEG, PDF, PNG, PROGRAM, WORD_PARTS, docx, encrypted, ole, package, upload, xlsx
from tests.factories import NOW, actor

MB = 1024 * 1024


def keep(name: str, content: bytes, **options) -> Attachment:
    return files.keep(upload(name, content), by=actor(), at=NOW, county="430211", **options)


def refusal(name: str, content: bytes, **options) -> str:
    with pytest.raises(FileRefused) as refused:
        files.inspect(upload(name, content), **options)
    return str(refused.value)


# --- What is taken -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("方案.pdf", PDF, "application/pdf"),
        ("方案.PDF", PDF, "application/pdf"),
        ("公文.ofd", package({"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<D/>"}), "application/ofd"),
        ("方案.docx", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("表.xlsx", xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("方案.doc", ole("WordDocument"), "application/msword"),
        ("方案.wps", ole("1Table", "WordDocument"), "application/wps-office.wps"),
        ("表.xls", ole("Workbook"), "application/vnd.ms-excel"),
        ("旧表.xls", ole("Book"), "application/vnd.ms-excel"),
        ("照片.jpg", JPEG, "image/jpeg"),
        ("照片.jpeg", JPEG, "image/jpeg"),
        ("截图.png", PNG, "image/png"),
    ],
)
def test_documents_are_taken_by_what_they_are(name, content, mime):
    assert files.inspect(upload(name, content)) == files.Inspected(name, mime, len(content))


@pytest.mark.parametrize("content", ["事项,部门\n".encode(), "事项,部门\n".encode("gbk"), "﻿事项\n".encode()])
def test_tables_for_an_import_are_taken_in_utf8_and_gbk(content):
    assert files.inspect(upload("清单.csv", content), allowed=TABLES).mime == "text/csv"


def test_a_file_of_many_megabytes_comes_from_a_temporary_file():
    big = TemporaryUploadedFile("方案.pdf", "application/pdf", 0, None)
    big.write(PDF + bytes(3 * MB))
    assert files.inspect(big).size == len(PDF) + 3 * MB


# --- What is refused ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("方案.pdf", b"", "是空文件"),
        ("方案.pdf", PROGRAM, "的内容与扩展名 .pdf 不符"),
        ("方案.pdf", docx(), "的内容与扩展名 .pdf 不符"),
        ("方案.pdf", b"<html><script>alert(1)</script></html>", "的内容与扩展名 .pdf 不符"),
        ("方案.docx", xlsx(), "的内容与扩展名 .docx 不符"),
        ("方案.docx", package({"a.txt": b"a"}), "的内容与扩展名 .docx 不符"),
        ("方案.docx", PDF, "的内容与扩展名 .docx 不符"),
        ("方案.doc", ole("Workbook"), "的内容与扩展名 .doc 不符"),
        ("安装包.doc", ole("!_StringPool"), "的内容与扩展名 .doc 不符"),
        ("方案.exe", PROGRAM, "不是可以上传的文件，可以上传的有：doc、docx、et、jpeg"),
        ("资料.zip", package({"a.txt": b"a"}), "不是可以上传的文件"),
        ("页面.html", b"<p>", "不是可以上传的文件"),
        ("图.svg", b"<svg/>", "不是可以上传的文件"),
        ("清单.csv", b"a,b", "不是可以上传的文件"),
        ("没有扩展名", PDF, "不是可以上传的文件"),
        ("方案.pdf.exe", PDF, "不是可以上传的文件"),
        ("方案\u202efdp.exe", PDF, "“方案fdp.exe”不是可以上传的文件"),
        ("方案.docx", docx()[:-30], "文件已损坏"),
        ("方案.docx", docx(**{"word/vbaProject.bin": b"x"}), "文件里有宏"),
        ("表.xls", ole("Workbook", "_VBA_PROJECT_CUR"), "文件里有宏"),
        ("方案.docx", ole("EncryptedPackage"), "文件加了密"),
        ("方案.docx", encrypted(docx()), "文件加了密"),
        ("方案.doc", ole("1234567" + "WordDocument"), "的内容与扩展名 .doc 不符"),  # the name inside another one
        ("方案.docx", package(WORD_PARTS, compression=zipfile.ZIP_LZMA), "压缩方式不常见"),
    ],
)
def test_everything_else_is_refused_with_one_sentence(name, content, says):
    sentence = refusal(name, content)
    assert says in sentence
    assert sentence.endswith(("。", "。”"))
    assert "\n" not in sentence


def test_a_program_renamed_csv_is_refused():
    assert "不符" in refusal("清单.csv", PROGRAM, allowed=TABLES)


def test_a_file_over_the_limit_is_refused_before_it_is_read(settings):
    settings.ATTACHMENT_MAX_BYTES = MB
    assert "超过了每个文件 1.0 MB 的上限" in refusal("方案.pdf", PDF + bytes(MB)).replace("\xa0", " ")
    assert files.inspect(upload("方案.pdf", PDF + bytes(MB)), limit=2 * MB)


@pytest.mark.parametrize(
    "content",
    [
        docx(**{"word/media/zeros": bytes(30 * MB)}),  # thirty megabytes in thirty kilobytes
        package(WORD_PARTS | {f"word/{n}": b"" for n in range(5_001)}),
    ],
)
def test_a_decompression_bomb_is_refused(content):
    assert len(content) < MB
    assert "解压后大得不正常" in refusal("方案.docx", content)


def test_a_bomb_whose_headers_lie_about_its_size_is_refused():
    honest = docx(**{"word/media/zeros": bytes(30 * MB)})
    said, small = struct.pack("<I", 30 * MB), struct.pack("<I", 10)
    assert "文件已损坏" in refusal("方案.docx", honest.replace(said, small))


def test_overlapping_members_are_counted_each():
    """A zip whose thousand entries all point at the same megabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in WORD_PARTS.items():
            container.writestr(name, content)
        container.writestr("word/zeros", bytes(MB))
        container.filelist.extend([container.filelist[-1]] * 1000)
    assert "解压后大得不正常" in refusal("方案.docx", out.getvalue())


# --- Names -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\文件\\方案.pdf", "方案.pdf"),
        ("方\x00案\n.pdf", "方案.pdf"),
        ('方案<1>:"|?*.pdf', "方案_1______.pdf"),
        (".htaccess", "htaccess"),
        ("  方案 . pdf ", "方案. pdf"),
        ("", "未命名"),
    ],
)
def test_names_are_made_harmless(name, kept):
    assert files.clean_name(name) == kept


def test_a_long_name_is_cut_and_keeps_its_extension():
    name = files.clean_name("社" * 300 + ".pdf")
    assert name.endswith("社.pdf")
    assert len(name.encode()) <= files.NAME_BYTES


def test_kinds_and_limit_in_words_for_help_texts():
    assert files.in_words(TABLES) == "csv、txt、xls、xlsx"
    assert files.limit_in_words().replace("\xa0", " ") == "20 MB"


# --- Keeping -----------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_file_is_kept_by_its_content_readable_by_nobody_else(media):
    kept = keep("方案.pdf", PDF)
    path = media / kept.sha256[:2] / kept.sha256
    assert kept.sha256 == hashlib.sha256(PDF).hexdigest()
    assert path.read_bytes() == PDF
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert (kept.name, kept.size, kept.mime) == ("方案.pdf", len(PDF), "application/pdf")
    assert (kept.uploaded_by, kept.uploaded_at, kept.county) == (actor().label, NOW, "430211")


@pytest.mark.django_db
def test_the_same_content_twice_is_one_file_and_two_attachments(media):
    keep("甲.pdf", PDF)
    keep("乙.pdf", PDF)
    assert len(list(media.rglob("*/*"))) == 1
    assert list(Attachment.objects.order_by("pk").values_list("name", flat=True)) == ["甲.pdf", "乙.pdf"]


@pytest.mark.django_db
def test_a_refused_file_leaves_nothing_behind(media):
    with pytest.raises(FileRefused):
        keep("方案.pdf", PROGRAM)
    assert not media.exists()
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_file_is_written_whole_or_not_at_all(media):
    class Torn(ContentFile):
        def chunks(self, chunk_size=None):
            yield PDF[:10]
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        files.keep(Torn(PDF, name="方案.pdf"), by=actor(), at=NOW, county="430211")
    assert list(media.rglob("*")) == []


@pytest.mark.django_db
def test_an_act_that_rolls_back_leaves_a_harmless_file_and_no_row(media):
    def fail() -> None:
        with transaction.atomic():
            keep("方案.pdf", PDF)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Attachment.objects.exists()
    assert keep("方案.pdf", PDF).pk


@pytest.mark.django_db
def test_the_database_keeps_every_attachment_and_no_empty_one():
    kept = keep("方案.pdf", PDF)
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        kept.delete()
    kept.size = 0
    with pytest.raises(IntegrityError, match="attachment_not_empty"), transaction.atomic():
        kept.save()


# --- Opening and sending -----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_was_kept_is_read_back():
    with files.open_content(keep("方案.pdf", PDF)) as content:
        assert content.read() == PDF


@pytest.mark.django_db
def test_a_quarantined_or_lost_file_is_not_opened():
    kept = keep("方案.pdf", PDF)
    Path(files.path_of(kept.sha256)).unlink()
    with pytest.raises(FileRefused, match="找不到"):
        files.open_content(kept)
    kept.quarantine_reason = "发现病毒"
    with pytest.raises(FileRefused, match="发现病毒"):
        files.open_content(kept)


@pytest.mark.django_db
def test_what_a_scanner_objects_to_is_quarantined_by_a_command_with_its_reason_and_a_line():
    kept, same, other = keep("方案.pdf", PDF), keep("又一份.pdf", PDF), keep("别的.pdf", PDF + b"%")
    call_command("quarantine_file", str(files.path_of(kept.sha256)), "发现病毒")
    for row in (kept, same):
        row.refresh_from_db()
        with pytest.raises(FileRefused, match="发现病毒"):
            files.open_content(row)
    files.open_content(other).close()
    assert Event.objects.filter(kind="base.attachment.quarantine").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "why"), [("0" * 64, "发现病毒"), (None, " ")])
def test_a_quarantine_needs_an_attachment_and_a_reason(content, why):
    kept = keep("方案.pdf", PDF)
    with pytest.raises(CommandError):
        call_command("quarantine_file", content or kept.sha256, why)
    files.open_content(kept).close()


@pytest.mark.django_db
def test_a_file_is_sent_to_be_saved_and_nothing_in_it_runs():
    response = web.send(keep("工作 方案.pdf", PDF))
    assert b"".join(response.streaming_content) == PDF
    response.close()
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E5%B7%A5%E4%BD%9C%20%E6%96%B9%E6%A1%88.pdf"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Cache-Control"] == "private, no-store"


# --- Form fields -------------------------------------------------------------------------------------------
class Handing(forms.Form):
    one = UploadField()
    several = UploadsField(required=False)
    table = UploadField(required=False, allowed=TABLES, limit=MB)


def handed(**uploads) -> Handing:
    return Handing({}, uploads)


def test_a_form_says_at_the_field_why_a_file_is_refused():
    form = handed(one=upload("方案.pdf", PROGRAM), table=upload("清单.pdf", PDF))
    assert form.errors == {
        "one": ["“方案.pdf”的内容与扩展名 .pdf 不符，请用原来的软件另存后再上传，不要只改扩展名。"],
        "table": ["“清单.pdf”不是可以上传的文件，可以上传的有：csv、txt、xls、xlsx。"],
    }


def test_an_empty_file_gets_our_sentence_and_a_missing_one_djangos():
    assert handed(one=upload("方案.pdf", b"")).errors["one"] == ["“方案.pdf”是空文件，请检查后重新选择。"]
    assert "one" in handed().errors


def test_each_of_several_files_is_checked():
    good, bad, empty = upload("甲.pdf", PDF), upload("乙.pdf", PROGRAM), upload("丙.pdf", b"")
    form = Handing({}, {"one": good})
    assert (form.is_valid(), form.cleaned_data["several"]) == (True, [])
    assert UploadsField().clean([good, good]) == [good, good]
    with pytest.raises(forms.ValidationError) as refused:
        UploadsField().clean([good, bad, empty])
    assert [sentence[:3] for sentence in refused.value.messages] == ["“乙.", "“丙."]
    with pytest.raises(forms.ValidationError):
        UploadsField().clean([])


def test_the_browser_is_told_which_kinds_to_show():
    assert 'accept=".csv,.txt,.xls,.xlsx"' in str(Handing()["table"])
    assert "multiple" in str(Handing()["several"])
    assert DOCUMENTS.isdisjoint({".html", ".svg", ".zip", ".exe"})
