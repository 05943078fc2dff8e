"""Document numbers: gapless for each owner, kind and year, through races and rollbacks; a void one stays void."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.transaction import TransactionManagementError

from base import acts, numbering
from base.models import DocumentNumber, Event, NumberSeries
from base.numbering import BadWording, CannotVoid, NumberTaken
from tests.factories import NOW, TODAY, actor
from tests.races import at_once

WORDING = "株天社准告〔{year}〕{n}号"
ALL_AT_ONCE = 8


def draw(owner: str = "430211", kind: str = "work_notice", wording: str = WORDING, on: date = TODAY) -> DocumentNumber:
    with transaction.atomic():
        return numbering.next_number(owner, kind, wording=wording, on=on, at=NOW)


@pytest.mark.django_db
def test_numbers_follow_one_another_in_the_countys_wording():
    assert [draw().text for _ in range(3)] == [f"株天社准告〔2026〕{n}号" for n in (1, 2, 3)]


@pytest.mark.django_db
def test_each_year_kind_and_owner_counts_for_itself():
    draw()
    assert draw(on=date(2027, 1, 1)).text == "株天社准告〔2027〕1号"
    assert draw(kind="filing", wording="准备〔{year}〕{n}号").seq == 1
    assert draw(owner="430212", wording="株芦社准告〔{year}〕{n}号").seq == 1
    assert draw().seq == 2


@pytest.mark.django_db
def test_the_year_is_that_of_the_legal_day_in_shanghai():
    new_year = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight of 1 January in Shanghai
    assert draw(on=acts.legal_day(new_year)).text == "株天社准告〔2027〕1号"
    with pytest.raises(TypeError):
        draw(on=new_year)


@pytest.mark.django_db
def test_a_running_number_can_have_leading_zeros():
    assert draw(wording="430211-{year}-{n:04}").text == "430211-2026-0001"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wording",
    [
        "准告〔{year}〕号",
        "准告{n}号",
        "准告〔{year}〕{n}{n}号",
        "准告〔{year}〕{n}{kind}号",
        "{n.__class__}{year}",
        "准告〔{year}〕{n}号" + "长" * 60,
    ],
)
def test_a_wording_that_makes_no_series_is_refused(wording):
    with pytest.raises(BadWording):
        draw(wording=wording)
    assert not NumberSeries.objects.exists()


@pytest.mark.django_db
def test_two_kinds_with_the_same_wording_are_told_so():
    draw()
    with pytest.raises(NumberTaken, match="株天社准告〔2026〕1号"):
        draw(kind="filing")


@pytest.mark.django_db(transaction=True)
def test_a_number_needs_a_transaction():
    with pytest.raises(TransactionManagementError):
        numbering.next_number("430211", "work_notice", wording=WORDING, on=TODAY, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_an_act_that_rolls_back_leaves_no_gap():
    def draw_and_fail() -> None:
        with transaction.atomic():
            draw()
            raise ZeroDivisionError

    draw()
    with pytest.raises(ZeroDivisionError):
        draw_and_fail()
    assert draw().seq == 2
    assert list(DocumentNumber.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_eight_numbers_without_gap_or_double():
    numbers = at_once(*[draw] * ALL_AT_ONCE)
    assert sorted(number.seq for number in numbers) == list(range(1, ALL_AT_ONCE + 1))
    assert NumberSeries.objects.get().last == ALL_AT_ONCE


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_of_which_half_fail_leave_no_gap():
    def fail() -> None:
        with transaction.atomic():
            draw()
            raise ZeroDivisionError

    outcomes = at_once(*[draw, fail] * (ALL_AT_ONCE // 2))
    assert sum(isinstance(outcome, ZeroDivisionError) for outcome in outcomes) == ALL_AT_ONCE // 2
    assert sorted(DocumentNumber.objects.values_list("seq", flat=True)) == [1, 2, 3, 4]
    assert draw().seq == 5


# --- 作废 --------------------------------------------------------------------------------------------------
def make_void(number: DocumentNumber, reason: str = "印错") -> DocumentNumber:
    return numbering.void(number, by=actor(), at=NOW, reason=reason)


@pytest.mark.django_db
def test_a_void_number_stays_and_is_never_used_again():
    number = draw()
    assert make_void(number).void_reason == "印错"
    assert draw().seq == 2
    assert DocumentNumber.objects.get(seq=1).void_reason == "印错"


@pytest.mark.django_db
def test_voiding_leaves_a_line_on_the_countys_chain():
    make_void(draw())
    event = Event.objects.get()
    assert (event.chain, event.kind) == ("430211", "base.documentnumber.void")
    assert event.data["says"] == "作废编号“株天社准告〔2026〕1号”：印错"


@pytest.mark.django_db
def test_a_number_is_voided_once_and_with_a_reason():
    number = draw()
    with pytest.raises(CannotVoid, match="原因"):
        make_void(number, reason="  ")
    make_void(number)
    with pytest.raises(CannotVoid, match="已经作废"):
        make_void(number)


@pytest.mark.django_db
def test_the_database_deletes_no_number():
    number = draw()
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        number.delete()


@pytest.mark.django_db
def test_series_once_per_year_and_number_once_per_series_and_text_once():
    number = draw()
    with pytest.raises(IntegrityError, match="series_once_per_year"), transaction.atomic():
        NumberSeries.objects.create(owner="430211", kind="work_notice", year=2026)
    with pytest.raises(IntegrityError, match="number_once_per_series"), transaction.atomic():
        DocumentNumber.objects.create(series=number.series, seq=1, text="另一号", issued_at=NOW)
    with pytest.raises(IntegrityError, match="text"), transaction.atomic():
        DocumentNumber.objects.create(series=number.series, seq=9, text=number.text, issued_at=NOW)
