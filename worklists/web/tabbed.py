"""A list with its tabs: what is open, what is done, everything."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.http import urlencode
from django.views.generic import ListView

from communities.actors import ActorMixin


class TabbedList(ActorMixin, ListView):
    """A paged list in views of `?state=`; the first view is shown where none is asked for, or one that is not there."""

    paginate_by = 50
    views: ClassVar[dict[str, Promise]]

    @property
    def chosen(self) -> str:
        """The view that is looked at."""
        asked = self.request.GET.get("state", "")
        return asked if asked in self.views else next(iter(self.views))

    def kept(self) -> dict[str, str]:
        """What else the list is narrowed to; stays when the view is changed."""
        return {}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """With the tabs."""
        tabs = [
            (label, f"?{urlencode({'state': key, **self.kept()})}", key == self.chosen, None)
            for key, label in self.views.items()
        ]
        return super().get_context_data(tabs=tabs, **context)
