"""The journal is tried on the stage of the trace page: one lot from harvest to pay slips."""

from kandoo.trace.tests.conftest import delivered, settled, signed_in, stage

__all__ = ["delivered", "settled", "signed_in", "stage"]
