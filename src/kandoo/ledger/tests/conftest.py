"""The journal is tried on the stage of the trace page: one lot from harvest to pay slips."""

from kandoo.trace.tests.conftest import settled, signed_in, stage

__all__ = ["settled", "signed_in", "stage"]
