"""The small world, made once for test after test: each starts from the same rows and leaves none behind.

The world is built in a transaction that stays open while the tests that ask for it (`made_world`) follow
one another; each of them runs in a savepoint of it. A test that does not ask finds the database empty.
"""

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.db import connection, transaction

from tests.world import World, make_world


class Kept:
    """Holds the transaction with the world in it; `blocker` is pytest-django's."""

    def __init__(self, blocker: Any, as_owner: Callable[[], AbstractContextManager[Any]]) -> None:
        self._blocker = blocker
        self._as_owner = as_owner
        self._held: tuple[Any, World] | None = None

    def have(self) -> World:
        """The world as it was made; what a test does to the objects it gets stays with that test."""
        if self._held is None:
            with self._blocker.unblock():
                outer = transaction.atomic()
                outer.__enter__()
                world = make_world(self._as_owner)
                connection.check_constraints()  # what the database checks at the end of a transaction, checked once
            self._held = outer, world
        return copy.deepcopy(self._held[1])

    def drop(self) -> None:
        """Leave an empty database, for a test with a world of its own."""
        if self._held is not None:
            outer, self._held = self._held[0], None
            with self._blocker.unblock():
                transaction.set_rollback(True)
                outer.__exit__(None, None, None)
