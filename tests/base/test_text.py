"""Text as people send it: what is taken out, what stays, and which encodings are read."""

import pytest
from django import forms
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from base.forms import CleanCharField
from base.text import NotText, clean, decode, in_a_row, masked, one_line


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("办\x00理", "办理"),
        ("甲\r\n乙\r丙\u2028丁", "甲\n乙\n丙\n丁"),
        ("表\t格", "表\t格"),
        ("\ufeff题目\x07", "题目"),
        ("合同\u202efdp.exe", "合同fdp.exe"),
        ("流动\u200b人口\u2060登\u00ad记", "流动人口登记"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("半个\ud83d字", "半个字"),
        ("<b>&amp;</b> =1+1", "<b>&amp;</b> =1+1"),  # markup and formulas are text: pages and exports guard themselves
        ("😀𠮷", "😀𠮷"),
    ],
)
def test_control_characters_go_and_words_stay(sent, kept):
    assert clean(sent) == kept


@given(st.text())
def test_what_is_clean_stays_as_it_is_and_can_be_stored(sent):
    kept = clean(sent)
    assert clean(kept) == kept
    assert "\x00" not in kept
    assert kept.encode().decode() == kept


@given(st.text(st.characters(codec="utf-8")))
def test_a_line_has_no_breaks_and_no_space_at_its_ends(sent):
    line = one_line(sent)
    assert line == " ".join(line.split())


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张*"), ("欧阳小明", "欧**"), ("李", "*"), ("", ""), ("安全科负责人", "安**")]
)
def test_who_need_not_know_a_person_sees_the_name_masked(name, shown):
    assert masked(name) == shown


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_files_from_chinese_offices_are_read(encoding):
    assert decode("事项名称,主责部门\r\n".encode(encoding)) == "事项名称,主责部门\r\n"


@pytest.mark.parametrize("content", [b"a\x00b", b"\xff\xff\xff", "事项".encode("utf-16")])
def test_what_is_no_text_is_refused(content):
    with pytest.raises(NotText, match="UTF-8"):
        decode(content)


def test_a_text_field_takes_what_was_pasted_and_leaves_the_controls():
    assert CleanCharField(max_length=2).clean(" \x00办\x1f理 ") == "办理"
    with pytest.raises(forms.ValidationError):
        CleanCharField().clean("\x00")


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "还缺一。还缺二。"), ("en", "还缺一。 还缺二。")])
def test_sentences_stand_side_by_side_in_chinese_and_apart_in_english(language, said):
    with override(language):
        assert in_a_row(["还缺一。", "还缺二。"]) == said
