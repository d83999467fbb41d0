"""Why something was not done in the register. The text is for the person who asked, in their language."""


class NotPossible(Exception):
    """What was asked cannot be: the text says why and what to do. Nothing was written."""


class NumberTaken(NotPossible):
    """Another enterprise of the cluster already holds this identifier."""


class StillAttached(NotPossible):
    """The record is used elsewhere, so it stays."""


class UndecidedDoubles(NotPossible):
    """Likely doubles wait for a decision."""
