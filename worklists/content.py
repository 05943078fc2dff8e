"""What an item says, as one value: the text that a version carries and a search can find. Pure."""

from dataclasses import dataclass
from typing import Protocol, Self

from worklists import bigrams
from worklists.kinds import SIDE_OF, AppliesTo, Category, Executor, Side, SubjectType


class Said(Protocol):
    """Anything that carries the fields of an item: a version, for example."""

    title: str
    subject_type: str
    category: str
    applies_to: str
    executor: str
    department_id: int | None
    department_text: str
    does: str
    does_not: str
    basis: str


@dataclass(frozen=True)
class ItemContent:
    """The content of one item. `department_text` is the department as printed (A-30), `department_id` who that is."""

    title: str
    category: str
    department_text: str
    department_id: int | None = None
    subject_type: str = SubjectType.WORK_ITEM
    applies_to: str = AppliesTo.BOTH
    executor: str = Executor.COMMITTEE
    does: str = ""
    does_not: str = ""
    basis: str = ""

    @classmethod
    def of(cls, said: Said) -> Self:
        """The content that a version carries."""
        return cls(
            title=said.title, category=said.category, department_text=said.department_text,
            department_id=said.department_id, subject_type=said.subject_type, applies_to=said.applies_to,
            executor=said.executor, does=said.does, does_not=said.does_not, basis=said.basis,
        )  # fmt: skip

    @property
    def side(self) -> Side:
        """Which of the two lists of 政居分开 it belongs to (A-20)."""
        return SIDE_OF[Category(self.category)]

    @property
    def search_terms(self) -> list[str]:
        """What the search index holds of it."""
        return searchable(self.title, self.department_text, self.does)


def searchable(title: str, department_text: str, does: str) -> list[str]:
    """The terms under which an item is found: its title, its department as printed, what the community does."""
    return bigrams.terms("\n".join((title, department_text, does)))
