"""Why something was not done. The text is for the person who asked, in their language."""


class NotPossible(Exception):
    """What was asked cannot be: the text says why and what to do. Nothing was written."""
