"""Why an action was not taken. The text is for the person who asked, in their language."""


class NotPossible(Exception):
    """What was asked cannot be: the text says why and what to do. Nothing was written."""


class BatchInUse(NotPossible):
    """The batch's drums are promised elsewhere."""


class WrongStep(NotPossible):
    """The lot or order is at another step than the one asked for."""
