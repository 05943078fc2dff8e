"""A browser that works under a post of the world."""

from itertools import count

from django.test import Client

from base.models import User
from communities.models import Appointment, Division
from communities.roles import Actor
from tests.admission.world import World

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
numbers = count(1)


def signed_in(world: World, name: str) -> Client:
    """A client signed in as the actor of this name, who is given an account and an appointment."""
    return holding(world.actors[name])


def holding(actor: Actor) -> Client:
    """A client whose account holds the post of this actor."""
    user = User.objects.create(username=f"somebody{next(numbers)}")
    Appointment.objects.create(
        user=user,
        role=actor.role,
        division=Division.objects.get(code=actor.code),
        unit_id=actor.unit_id,
        starts_on="2020-01-01",
    )
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client
