"""Numbers with their nouns, as a person would write them."""

SINGULAR = {"sites": "site", "industries": "industry", "regions": "region"}


def counted(number: int, noun: str) -> str:
    """
    >>> counted(1, "industries"), counted(1200, "sites")
    ('1 industry', '1,200 sites')
    """
    return f"{number:,} {SINGULAR[noun] if number == 1 else noun}"


def too_few(sites: int) -> str:
    """Why there is no curve."""
    return f"{counted(sites, 'sites')} {'is' if sites == 1 else 'are'} too few."
