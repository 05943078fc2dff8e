"""What the open data of the lists is, where it stands, and what its columns mean. Public."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from worklists import opendata
from worklists.web.pages import public

PLACES = (
    (_("一个区县的清单"), "county", 6),
    (_("一个街道（乡镇）的清单"), "street", 9),
    (_("一个社区的清单"), "community", 12),
)
"""What a list is of, the name of its address, how many digits its code has."""
CODE = "{code}"


@public
class OpenData(TemplateView):
    """The data dictionary. Asks the database nothing of its own."""

    template_name = "worklists/open_data.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The addresses, with `{code}` for the code in them; the columns, each with its codes and their words."""
        addresses = [(name, self.address(level, digits), digits) for name, level, digits in PLACES]
        columns = [
            (column, [(choice.value, choice.label) for choice in column.choices or ()]) for column in opendata.ITEM
        ]
        crumbs = [(gettext("清单"), reverse("worklists:list")), (gettext("开放数据"), "")]
        return super().get_context_data(addresses=addresses, columns=columns, crumbs=crumbs, **context)

    def address(self, level: str, digits: int) -> str:
        """The whole address of a list as JSON."""
        some = "9" * digits
        path = reverse(f"worklists:{level}-export", args=[some, "json"])
        return self.request.build_absolute_uri(path).replace(some, CODE)
