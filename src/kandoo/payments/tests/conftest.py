"""The cast with some of them owed, and a run at the bank."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from tests import paying
from tests.world import World, _add_cast, found


@pytest.fixture
def owed(as_owner: Any) -> World:
    """The cast; kuh, darreh, bagh and sang are owed something, kuh owes a fee; rud is owed but has no Sheba."""
    world = found("lorestan", "agent", as_owner)
    _add_cast(world)
    paying.write_account(world)
    for name, amount in (("kuh", 9_000_000), ("darreh", 5_000_000), ("bagh", 3_000_000), ("sang", 3_000_000)):
        paying.owe(world, name, amount)
    paying.owe(world, "kuh", 2_000_000, "fee_charged")
    paying.owe(world, "rud", 4_000_000)
    return world


@pytest.fixture
def in_english() -> Iterator[None]:
    """Words of problems in English."""
    with translation.override("en"):
        yield
