"""The shape of the texts by which finding is judged. `dev` is for whoever tunes it, `held` for the judgement alone."""

import csv
from collections import Counter
from pathlib import Path

from django.conf import settings

HERE = Path(__file__).parent
GUIDANCE = Path(settings.BASE_DIR) / "worklists/data/guidance_list.csv"
WANTED = {"partial": 3, "paraphrase": 2}


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bare(text):
    """What is left when a text is compared: its letters and digits."""
    return "".join(filter(str.isalnum, text))


def texts():
    return [row["text"] for name in ("phrases.csv", "unrelated.csv") for row in read(HERE / name)]


def test_every_item_of_the_guidance_list_is_asked_for_in_pieces_and_in_other_words():
    asked = Counter((row["seq"], row["kind"]) for row in read(HERE / "phrases.csv"))
    items = [row["seq"] for row in read(GUIDANCE)]
    assert {seq for seq, _ in asked} == set(items)
    assert {kind for _, kind in asked} == set(WANTED)
    assert [(seq, kind) for seq in items for kind in WANTED if asked[seq, kind] < WANTED[kind]] == []


def test_of_each_kind_every_item_keeps_one_text_for_the_judgement():
    rows = read(HERE / "phrases.csv")
    assert {row["part"] for row in rows} == {"dev", "held"}
    assert Counter((row["seq"], row["kind"]) for row in rows if row["part"] == "held") == Counter(
        {(row["seq"], kind): 1 for row in read(GUIDANCE) for kind in WANTED}
    )


def test_two_hundred_sentences_concern_no_item_and_half_are_kept_for_the_judgement():
    assert Counter(row["part"] for row in read(HERE / "unrelated.csv")) == {"dev": 100, "held": 100}


def test_no_text_comes_twice():
    assert [text for text, times in Counter(map(bare, texts())).items() if times > 1] == []


def test_no_text_is_a_whole_title():
    titles = {bare(row["title"]) for row in read(GUIDANCE)}
    assert [text for text in texts() if bare(text) in titles] == []


def test_every_text_is_what_one_types_into_a_field():
    assert [text for text in texts() if not 2 <= len(text) <= 60 or text != text.strip() or "\n" in text] == []
