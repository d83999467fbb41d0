"""The stage of these tests at the points where they begin."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from kandoo.trace.tests import staging

AsOwner = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def stage(as_owner: AsOwner) -> staging.Stage:
    """The register alone: twelve beekeepers of three counties."""
    with as_owner():
        return staging.found()


@pytest.fixture
def delivered(stage: staging.Stage) -> staging.Stage:
    """A lot from harvest to delivery."""
    return staging.play_to_delivery(stage)


@pytest.fixture
def settled(stage: staging.Stage) -> staging.Stage:
    """A lot from harvest to pay slips."""
    return staging.play_to_settlement(stage)


@pytest.fixture
def signed_in(as_owner: AsOwner, client: Client) -> Callable[[staging.Stage, str], Client]:
    """A browser in which one of the stage's people has signed in."""

    def sign_in(stage: staging.Stage, username: str) -> Client:
        with as_owner():
            client.force_login(stage.people[username])
        return client

    return sign_in
