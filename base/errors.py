"""How a rule says no: one sentence in Chinese, for the person who asked."""

from django.utils.functional import Promise


class RuleViolation(Exception):
    """A business rule forbids this now (HTTP 409). The message is shown to the user and says what to do next.

    `field` is the keyword of the act that the sentence is about: a form that asks for it shows the sentence there.
    """

    def __init__(self, message: str | Promise = "", *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotAllowed(RuleViolation):
    """This person may not do this to this record (HTTP 403). The message gives the reason."""


class Stale(RuleViolation):
    """Somebody changed the record since the form was made; `changes` lists what happened, a sentence each."""

    def __init__(self, message: str, *, changes: list[str]) -> None:
        super().__init__(message)
        self.changes = changes
