"""What every view of the register begins with."""

from django.http import HttpRequest

from kandoo.register.access import Seat


def seat_of(request: HttpRequest) -> Seat:
    """The seat of a request that has passed the guard."""
    seat = Seat.of(request)
    assert seat is not None, "The view is guarded by `seated`."
    return seat
