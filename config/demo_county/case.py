"""One case of the demo: its row, who files it, what it is about."""

from dataclasses import dataclass, field
from functools import cached_property

from admission.models import Application, Meeting
from admission.procedure import Kind, State
from communities.models import Department, Division
from communities.roles import Actor
from config.demo_county.cast import Cast
from worklists.models import ItemVersion, WorkItem


@dataclass
class Case:
    """One row of cases.csv on its way."""

    cast: Cast
    n: int
    row: dict[str, str]
    application: Application = field(init=False)
    meeting: Meeting = field(init=False)

    @property
    def until(self) -> State:
        return State(self.row["until"])

    def has(self, word: str) -> bool:
        """Is this said in the column `way`?"""
        return word in self.row["way"].split()

    @property
    def unit(self) -> Department:
        """The applicant: named in the row, else the department of the listed item."""
        if self.row["applicant"]:
            return self.cast.units[self.row["applicant"]]
        unit = self.listed.department
        if unit is None:
            raise ValueError(f"nobody knows which unit keeps {self.row['title']}")
        return unit

    @cached_property
    def listed(self) -> ItemVersion:
        """The item that a change or an exit is about."""
        rows = ItemVersion.objects.owned_by(self.cast.county.code).known().filter(title__contains=self.row["title"])
        return rows.select_related("item", "department__street").order_by("pk")[0]

    @property
    def item(self) -> WorkItem | None:
        return self.listed.item if self.row["kind"] in {Kind.CHANGE, Kind.EXIT} else None

    @property
    def filer(self) -> Actor:
        return self.cast.applicant(self.unit)

    @property
    def office(self) -> Actor:
        """Who does the office's steps for this case."""
        if self.application.office_recused:
            return self.cast.substitute(self.application.office_unit)
        return self.cast.office

    @property
    def scope(self) -> list[Division]:
        return list(Division.objects.filter(code__in=self.row["scope"].split("|")))
