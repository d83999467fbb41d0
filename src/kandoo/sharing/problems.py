"""Why something was not done with a rule. The text is for the person who asked, in their language."""


class NotPossible(Exception):
    """What was asked cannot be: the text says why and what to do. Nothing was written."""


class WrongStep(NotPossible):
    """The proposal is at another step than the one asked for."""
