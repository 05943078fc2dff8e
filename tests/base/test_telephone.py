"""A telephone number is kept in one way, however it was typed; what is none is refused with what to type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.telephone import NotATelephoneNumber, is_telephone, masked, normalised


def wide(text):
    """As an input method in full-width mode writes it."""
    return "".join(chr(ord(one) + 0xFEE0) for one in text)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("13800001234", "138****1234"),
        ("0731-28001234", "0731-****1234"),
        ("010-60001234-801", "010-****1234"),
        ("0731-28", "****"),  # a draft keeps what was typed, right or wrong
        ("", ""),
    ],
)
def test_who_need_not_call_sees_a_number_masked(kept, shown):
    assert masked(kept) == shown


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800000000", "13800000000"),
        (" 138 0000 0000 ", "13800000000"),
        ("138-0000-0000", "13800000000"),
        (wide("13800000000"), "13800000000"),
        ("+86 138 0000 0000", "13800000000"),
        ("0731-28000000", "0731-28000000"),
        ("073128000000", "0731-28000000"),
        ("（0731）28000000", "0731-28000000"),
        ("(0731) 2800 0000", "0731-28000000"),
        ("0731-2800-0000", "0731-28000000"),
        (wide("0731-28000000"), "0731-28000000"),
        ("0731—28000000", "0731-28000000"),
        ("010 6000 0000", "010-60000000"),
        ("0998-2000000", "0998-2000000"),
        ("0731-28000000-801", "0731-28000000-801"),
        ("0731-28000000转801", "0731-28000000-801"),
        ("0731-28000000 分机 801", "0731-28000000-801"),
        ("0731 28000000 ext 801", "0731-28000000-801"),
    ],
)
def test_a_number_is_kept_in_one_way(typed, kept):
    assert normalised(typed) == kept
    assert normalised(kept) == kept
    assert is_telephone(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "", "张三", "0731-2800abcd", "1380000000", "138000000000", "28000000", "12800000000", "0731-280",
        "0731-28000000、13800000000", "13800000000/13900000000", "微信同号 13800000000", "-" * 30,
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_what_to_type(typed):
    with pytest.raises(NotATelephoneNumber, match="请填 11 位手机号，或者带区号的座机"):
        normalised(typed)
    assert not is_telephone(typed)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_kept_the_same_way_twice_or_refused(typed):
    if is_telephone(typed):
        assert normalised(normalised(typed)) == normalised(typed)
