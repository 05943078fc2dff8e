"""Where it is to be done (field 13)."""

from admission.web.forms.unfinished import Draft
from communities.models import Division
from worklists.web.scope import Offer


def offer_to(draft: Draft) -> Offer:
    """The streets and communities of the draft's county, the applying street's own first: one query."""
    application = draft.application
    filler = application.prepared_by or application.applicant
    places = Division.objects.under(application.county.code).of_level(9, 12).select_related("successor")
    return Offer(
        application.county, list(places.order_by("code")), draft.on, filler.street.code if filler.street else ""
    )
