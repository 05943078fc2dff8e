"""Text as people send it: what is taken out, what stays, and which encodings are read."""

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from base.forms import CleanCharField
from base.text import NotText, clean, decode, one_line


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("办\x00理", "办理"),
        ("甲\r\n乙\r丙\u2028丁", "甲\n乙\n丙\n丁"),
        ("表\t格", "表\t格"),
        ("\ufeff题目\x07", "题目"),
        ("合同\u202efdp.exe", "合同fdp.exe"),
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
