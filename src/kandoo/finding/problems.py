"""Why something was not done with a study. The text is for the person who asked, in their language."""


class NotPossible(Exception):
    """What was asked cannot be: the text says why and what to do. Nothing was written."""


class Unreadable(Exception):
    """The file as a whole cannot be used; `code` is one of `importing.faults.FILE_TEXTS`."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values
