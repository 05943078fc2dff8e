"""The audit log: one chain for each county, append-only, and whoever tampers with it is found."""

import re
from datetime import date
from pathlib import Path

import pgtrigger
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils.translation import gettext_lazy

from base import acts, events
from base.models import Event, EventChain, User
from tests.factories import NOW, UserFactory, actor
from tests.races import at_once

pytestmark = pytest.mark.django_db
COUNTY = "430211"
GUIDE = settings.BASE_DIR / "docs" / "how-to" / "database-role.md"


@pytest.fixture
def target() -> User:
    return UserFactory.create()


def write(target: User, *, chain: str = COUNTY, says: str = "受理", audience: tuple[str, ...] = (), **options) -> None:
    with acts.act():
        events.record(
            "base.user.tested", target=target, by=actor(), at=NOW, chain=chain, data={"says": says, **options},
            audience=audience,
        )  # fmt: skip


def tamper(sql: str, *values: object) -> None:
    """As somebody would who owns the table."""
    with pgtrigger.ignore("base.Event:event_append_only"), connection.cursor() as cursor:
        cursor.execute(sql, values)


# --- Writing -----------------------------------------------------------------------------------------------
def test_lines_are_chained_by_county(target):
    for chain in (COUNTY, "430212", COUNTY):
        write(target, chain=chain)
    first, second = Event.objects.filter(chain=COUNTY).order_by("seq")
    assert (first.seq, first.prev_hash, second.seq, second.prev_hash) == (1, "", 2, first.hash)
    assert Event.objects.get(chain="430212").prev_hash == ""
    assert EventChain.objects.get(code=COUNTY).hash == second.hash


def test_a_line_needs_an_act(target):
    with pytest.raises(RuntimeError, match="act"):
        events.record("base.user.tested", target=target, by=actor(), at=NOW, chain=COUNTY)


def test_an_act_that_fails_leaves_no_line(target):
    def fail() -> None:
        with acts.act():
            write(target)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Event.objects.exists()
    write(target)
    assert Event.objects.get().seq == 1


def test_an_inner_act_that_fails_takes_its_lines_along_when_the_outer_one_carries_on(target):
    def fail() -> None:
        with acts.act():
            write(target, says="没有发生")
            raise ZeroDivisionError

    with acts.act():
        write(target, says="发生了")
        with pytest.raises(ZeroDivisionError):
            fail()
    assert [event.data["says"] for event in Event.objects.all()] == ["发生了"]


def test_what_a_line_says_survives_the_database_whatever_it_is(target):
    write(
        target, days={10: date(2026, 1, 1), 9: gettext_lazy("九")}, hours=1.5, whole=2.0, huge=1e22, zero=-0.0,
        text="引号“”\n\\ \u2028 😀", nothing=None, items=(1, 2),
    )  # fmt: skip
    assert events.verify(COUNTY) is None
    assert Event.objects.get().data["days"] == {"10": "2026-01-01", "9": "九"}


def test_a_line_that_is_no_json_is_a_mistake(target):
    with pytest.raises(ValueError, match="JSON"):
        write(target, bad=float("nan"))
    with pytest.raises(TypeError):
        write(target, bad=object())


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_whole_chain():
    target = UserFactory.create()
    at_once(*[lambda: write(target)] * 8)
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 9))
    assert events.verify(COUNTY) is None


# --- Append-only -------------------------------------------------------------------------------------------
def test_the_database_changes_and_deletes_no_line(target):
    write(target)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Event.objects.update(kind="another")
    with pytest.raises(ProgrammingError, match="update or delete"), transaction.atomic():
        Event.objects.get().delete()
    assert Event.objects.get().kind == "base.user.tested"


def test_the_database_keeps_one_line_for_each_place_of_a_chain(target):
    write(target)
    line = Event.objects.get()
    line.pk = None
    with pytest.raises(Exception, match="event_once_per_chain"), transaction.atomic():
        line.save(force_insert=True)


def test_the_guides_role_may_append_and_read_and_nothing_else(target):
    write(target)
    for statement in re.findall(r"```sql\n(.*?)```", Path(GUIDE).read_text(encoding="utf-8"), re.DOTALL):
        run(statement.replace("zhunru", "zhunru_test"))  # the real ones may be here already
    run("SET LOCAL ROLE zhunru_test_app")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run("UPDATE base_event SET kind = 'another'")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run("DELETE FROM base_event")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run("TRUNCATE base_event CASCADE")
    with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
        run("ALTER TABLE base_event DISABLE TRIGGER ALL")
    write(target)
    assert events.verify(COUNTY) is None
    run("RESET ROLE")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


# --- Tampering ---------------------------------------------------------------------------------------------
@pytest.fixture
def chain(target) -> list[Event]:
    for says in ("受理", "初审", "核准", "下发"):
        write(target, says=says)
    return list(Event.objects.order_by("seq"))


def rehash(seq: int) -> Event:
    """Make one line fit itself again, as somebody would who knows how it is done."""
    line = Event.objects.get(chain=COUNTY, seq=seq)
    tamper("UPDATE base_event SET hash = %s WHERE id = %s", events.digest(line), line.pk)
    return Event.objects.get(pk=line.pk)


def test_a_whole_chain_is_whole(chain):
    assert (events.verify(COUNTY), events.verify_all()) == (None, [])


@pytest.mark.parametrize(
    "change",
    [
        "data = jsonb_set(data, '{says}', '\"不予\"')",
        "at = at + interval '1 microsecond'",
        "by_label = '别人'",
        "by_user_id = 7",
        "target_pk = '0'",
        "kind = 'x'",
        "audience = '{43}'",
        "in_feed = false",
        "hash = repeat('0', 64)",
    ],
)
def test_a_changed_line_is_found(chain, change):
    tamper(f"UPDATE base_event SET {change} WHERE seq = 2")  # noqa: S608  the changes above
    assert events.verify(COUNTY) == events.Broken(COUNTY, 2, "内容与哈希不符")


def test_a_line_changed_and_hashed_anew_is_found_at_the_next(chain):
    tamper("UPDATE base_event SET by_label = '别人' WHERE seq = 2")
    rehash(2)
    assert events.verify(COUNTY) == events.Broken(COUNTY, 3, "与前一行不相接")


def test_the_last_line_changed_and_hashed_anew_is_found_by_the_head(chain):
    tamper("UPDATE base_event SET by_label = '别人' WHERE seq = 4")
    rehash(4)
    assert events.verify(COUNTY) == events.Broken(COUNTY, 4, "与链头不符")


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_a_deleted_line_is_found(chain, seq):
    tamper("DELETE FROM base_event WHERE seq = %s", seq)
    assert events.verify(COUNTY) == events.Broken(COUNTY, seq, "缺行")


def test_all_lines_deleted_is_found(chain):
    tamper("DELETE FROM base_event")
    assert events.verify_all() == [events.Broken(COUNTY, 1, "缺行")]


def test_lines_renumbered_to_hide_a_deleted_one_are_found(chain):
    tamper("DELETE FROM base_event WHERE seq = 2")
    tamper("UPDATE base_event SET seq = seq - 1 WHERE seq > 2")
    assert events.verify(COUNTY) == events.Broken(COUNTY, 2, "与前一行不相接")


def test_a_line_forged_behind_the_head_is_found(chain):
    forged = Event.objects.get(seq=4)
    forged.pk, forged._state.adding, forged.seq, forged.prev_hash = None, True, 5, forged.hash
    forged.hash = events.digest(forged)
    forged.save()
    assert events.verify(COUNTY) == events.Broken(COUNTY, 5, "链头之后多出的行")


@pytest.mark.parametrize("sql", ["DELETE FROM base_eventchain", "UPDATE base_eventchain SET seq = 3"])
def test_a_head_deleted_or_set_back_is_found(chain, sql):
    tamper(sql)
    assert events.verify(COUNTY) is not None


def test_the_command_tells_every_chain_and_ends_well(chain, capsys):
    write(User.objects.get(), chain="")
    call_command("verify_events")
    assert capsys.readouterr().out.splitlines() == [
        f"平台：1 行，完好，链头 {EventChain.objects.get(code='').hash}",
        f"430211：4 行，完好，链头 {EventChain.objects.get(code=COUNTY).hash}",
    ]


def test_the_command_names_the_first_broken_line_and_ends_with_one(chain, capsys):
    tamper("DELETE FROM base_event WHERE seq = 3")
    with pytest.raises(CommandError) as end:
        call_command("verify_events")
    assert end.value.returncode == 1
    assert capsys.readouterr().out == "430211：第 3 行缺行\n"


# --- Timelines ---------------------------------------------------------------------------------------------
def test_a_timeline_is_newest_first_and_about_one_record(target):
    write(target, says="受理")
    write(UserFactory.create(), says="别的事")
    write(target, says="核准")
    lines = events.timeline(target, code=COUNTY)
    assert [(line.text, line.detail, line.at) for line in lines] == [
        ("核准", actor().label, NOW),
        ("受理", actor().label, NOW),
    ]


@pytest.mark.parametrize(
    ("code", "sees"),
    [
        ("430211001", True),  # the street it is about
        ("430211001005", True),  # a community in it
        ("430211", True),  # the county over it
        ("", True),  # the platform
        ("430211002", False),
        ("430212", False),
    ],
)
def test_a_timeline_leaves_out_what_other_divisions_may_know(target, code, sees):
    write(target, audience=("430211001",))
    assert bool(events.timeline(target, code=code)) is sees


def test_a_timeline_leaves_out_what_stays_out_of_the_feed(target):
    with acts.act():
        events.record("base.user.read", target=target, by=actor(), at=NOW, chain=COUNTY, in_feed=False)
    assert events.timeline(target, code=COUNTY) == []


def test_a_line_without_words_shows_its_kind(target):
    with acts.act():
        events.record("base.user.tested", target=target, by=actor(), at=NOW, chain=COUNTY)
    assert [line.text for line in events.timeline(target, code=COUNTY)] == ["base.user.tested"]
