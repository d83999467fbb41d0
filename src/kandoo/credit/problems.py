"""Why money was not moved. The text is for the person who asked, in their language."""


class NotPossible(Exception):
    """What was asked cannot be: the text says why and what to do. Nothing was written."""


class OverTheCeiling(NotPossible):
    """More than may be: the text shows the ceiling and what is left."""
