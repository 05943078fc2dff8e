"""Attachments on their pages: handed in, refused with a sentence, read only by who may, taken off."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from admission import actions
from admission.models import Application, ApplicationFile
from base.models import Attachment
from tests.admission import world as ways
from tests.admission.signing import signed_in

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def upload(name: str = "实施方案.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def files(application) -> str:
    return reverse("admission:files", args=[application.pk])


def status(client, url: str) -> int:
    """What the answer is; a file that is sent is read to its end, which closes it."""
    answer = client.get(url)
    assert all(getattr(answer, "streaming_content", []))
    return answer.status_code


def attach(world, application, who: str = "dept") -> ApplicationFile:
    signed_in(world.actors[who]).post(files(application), {"purpose": "plan", "uploads": [upload()]})
    return ApplicationFile.objects.latest("pk")


def test_several_files_are_handed_in_at_once_and_read_again(world):
    application = ways.drafted(world)
    client = signed_in(world.actors["dept"])
    chosen = {"purpose": "basis", "uploads": [upload("一.pdf"), upload("二.pdf", PDF + b"\n")]}
    done = client.post(files(application), chosen, follow=True)
    html = done.content.decode()
    assert "已上传 2 个文件。" in html
    assert "一.pdf" in html
    first = ApplicationFile.objects.order_by("pk")[0]
    got = client.get(reverse("admission:file", args=[first.pk]))
    assert b"".join(got.streaming_content) == PDF
    assert (got["X-Content-Type-Options"], got["Content-Type"]) == ("nosniff", "application/pdf")
    assert "attachment" in got["Content-Disposition"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.pdf", b"", "“空.pdf”是空文件"),
        ("程序.exe", b"MZ", "不是可以上传的文件"),
        ("改名.pdf", b"MZ\x90\x00" + b"\x00" * 64, "不要只改扩展名"),
        ("../../etc/passwd", b"root", "不是可以上传的文件"),
    ],
)
def test_a_file_that_is_not_taken_has_one_sentence_at_the_field(world, name, content, sentence):
    application = ways.drafted(world)
    answer = signed_in(world.actors["dept"]).post(
        files(application), {"purpose": "plan", "uploads": [upload(), upload(name, content)]}
    )
    errors = answer.context["form"].errors
    assert list(errors) == ["uploads"]
    assert len(errors["uploads"]) == 1
    assert sentence in errors["uploads"][0]
    assert not ApplicationFile.objects.exists()
    assert not Attachment.objects.exists()


def test_nothing_chosen_is_said(world):
    answer = signed_in(world.actors["dept"]).post(files(ways.drafted(world)), {"purpose": "plan"})
    assert answer.context["form"].errors == {"uploads": ["还没有选文件。"]}


def test_who_may_not_know_of_the_application_cannot_read_its_files(world):
    application = ways.drafted(world)
    url = reverse("admission:file", args=[attach(world, application).pk])
    assert [status(signed_in(world.actors[who]), url) for who in ("office", "street0")] == [404, 404]
    actions.open_consultation(application, by=world.actors["dept"], at=world.at())
    readers = {who: status(signed_in(world.actors[who]), url) for who in ("office", "community0", "admin", "host")}
    assert readers == {"office": 200, "community0": 200, "admin": 404, "host": 404}


def test_readers_see_the_files_and_cannot_add(world):
    application = ways.consulted(world)
    attach(world, application)
    street = signed_in(world.actors["street0"])
    shown = street.get(files(application)).content.decode()
    assert "实施方案.pdf" in shown
    assert 'type="file"' not in shown
    refused = street.post(files(application), {"purpose": "plan", "uploads": [upload()]})
    assert refused.status_code == 403
    assert "只有申请单位和办公室可以上传附件。" in refused.content.decode()


def test_a_file_is_taken_off_while_the_form_is_open_and_stays_on_record(world):
    application = ways.drafted(world)
    file = attach(world, application)
    client, url = signed_in(world.actors["dept"]), reverse("admission:file-remove", args=[file.pk])
    assert "移除附件“实施方案.pdf”" in client.get(url).content.decode()
    assert "已移除“实施方案.pdf”。" in client.post(url, follow=True).content.decode()
    file.refresh_from_db()
    assert file.removed_at is not None
    assert client.get(reverse("admission:file", args=[file.pk])).status_code == 404
    assert client.post(url).status_code == 404


def test_after_submission_nothing_is_taken_off(world):
    application = ways.consulted(world)
    file = attach(world, application)
    actions.submit(application, by=world.actors["dept"], at=world.at())
    client, url = signed_in(world.actors["dept"]), reverse("admission:file-remove", args=[file.pk])
    assert "本件现在是“已提交”，附件不能再移除。" in client.get(url).content.decode()
    assert client.post(url).status_code == 409
    assert signed_in(world.actors["office"]).get(url).status_code == 403


def test_what_is_filed_is_still_appended(world):
    application = ways.filed(world)
    for who in ("dept", "office"):
        client = signed_in(world.actors[who])
        page = client.get(reverse("admission:application", args=[application.pk])).content.decode()
        assert f'href="{files(application)}"' in page
        assert attach(world, application, who).application == application


def test_a_closed_case_takes_no_more_files(world):
    application = ways.withdrawn(world)
    answer = signed_in(world.actors["dept"]).post(files(application), {"purpose": "plan", "uploads": [upload()]})
    assert answer.status_code == 409
    assert "本件没有准入，已经办结，不能再上传附件。" in answer.content.decode()
    assert Application.objects.get(pk=application.pk).files.count() == 0
