"""The worker is killed in the middle of a letter: nothing is lost, and at most that one letter comes twice."""

import pytest
from django.db import transaction

from base import delivery, outbox
from base.models import Outbox
from base.outbox import Recipient
from tests import doomed
from tests.factories import NOW, UserFactory
from tests.mailing import mail_server

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ADDRESSES = ["clerk@example.gov.cn", "second@example.gov.cn"]


def sweep(port: int) -> None:
    """What the worker does when it is woken."""
    from django.conf import settings

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    delivery.deliver_due(at=NOW)


def all_sent() -> bool:
    return not Outbox.objects.filter(channel=Outbox.Channel.EMAIL).exclude(state=Outbox.State.SENT).exists()


@pytest.mark.parametrize(("silent_at", "copies"), [("RCPT", 1), ("DATA", 2)])
def test_a_worker_killed_in_the_middle_of_a_letter_loses_none_and_doubles_at_most_that_one(silent_at, copies):
    with transaction.atomic():
        outbox.put(
            kind="admission.approve", county="430211", subject=UserFactory.create(), title="准予准入", body="请知悉。",
            url="/", to=[Recipient("street:430211001", ADDRESSES)], dedupe="application:1:2", at=NOW,
        )  # fmt: skip
    with mail_server() as server:
        server.silent_at = silent_at
        process = doomed.start(sweep, server.port)
        assert server.silent.wait(doomed.PATIENCE)
        doomed.killed(process)
        assert not Outbox.objects.filter(attempts__gt=0).exists(), "what was begun is as if it had never begun"

        def swept() -> bool:  # the server may need a moment to let go of the letter
            return doomed.done(doomed.start(sweep, server.port)) == 0 and all_sent()

        doomed.until(swept)
        assert [len(server.to(address)) for address in ADDRESSES] == [copies, 1]
        assert len({letter["Message-ID"] for letter in server.to(ADDRESSES[0])}) == 1
        assert doomed.done(doomed.start(sweep, server.port)) == 0
        assert len(server.letters) == copies + 1
