"""Search in Chinese by characters and pairs of characters: independent of the server's locale and dictionaries."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func, TextField, Value

from worklists import bigrams


def vector(terms: Sequence[str]) -> Func:
    """The search vector of these terms, as they stand: no parser, no dictionary."""
    return Func(
        Value(list(terms), output_field=ArrayField(TextField())),
        function="array_to_tsvector",
        output_field=SearchVectorField(),
    )


class Holding(SearchQuery):
    """Rows whose vector holds every one of these terms."""

    def __init__(self, terms: Sequence[str], **options: Any) -> None:
        super().__init__(" & ".join(f"'{term}'" for term in terms), search_type="raw", **options)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **options: Any) -> Any:
        """A cast instead of to_tsquery, whose parser would depend on the configuration."""
        return super().as_sql(compiler, connection, *args, **{"template": "(%(expressions)s)::tsquery", **options})


def holding(text: str) -> Holding | None:
    """The query for what somebody typed; None when it has neither a character nor a number to look for."""
    terms = bigrams.query_terms(text)
    return Holding(terms) if terms else None
