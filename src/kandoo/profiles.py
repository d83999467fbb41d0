"""The product profiles that ship with Kandoo, read from `kandoo/data/<code>/` once."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml

from kandoo.engine.profile import Profile, parse_profile
from kandoo.engine.standards import Standard, for_market, parse_standards

__all__ = [
    "Profile",
    "Standard",
    "UnknownProfile",
    "codes",
    "load",
    "market_standard",
    "reference",
    "standards",
    "standards_document",
]


class UnknownProfile(LookupError):
    """No product of that code ships with Kandoo."""


def codes() -> tuple[str, ...]:
    """The products that ship, by code."""
    folders = (files("kandoo") / "data").iterdir()
    return tuple(sorted(each.name for each in folders if (each / "profile.yaml").is_file()))


@cache
def load(code: str) -> Profile:
    """The profile of a product, e.g. `load("honey")`."""
    return parse_profile(_yaml(_folder(code) / "profile.yaml"))


@cache
def standards(code: str) -> tuple[Standard, ...]:
    """Every standard, residue section and the authenticity tests kept for a product."""
    return parse_standards(standards_document(code), load(code))


@cache
def market_standard(code: str, market: str) -> Standard:
    """What goods sold in a market are judged by, e.g. `market_standard("honey", "eu")`."""
    return for_market(load(code), standards(code), market)


def standards_document(code: str) -> Mapping[str, object]:
    """The raw document of standards, for independent checkers."""
    return _yaml(_folder(code) / "standards.yaml")


@cache
def reference(name: str, code: str = "honey") -> tuple[Mapping[str, str], ...]:
    """The rows of a reference table, e.g. `reference("published_summaries")`."""
    table = _folder(code) / f"{name}.csv"
    if not table.is_file():
        raise LookupError(f"{code} has no reference table {name!r}")
    return tuple(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))


def _folder(code: str) -> Traversable:
    if code not in codes():
        raise UnknownProfile(f"No product profile {code!r}; there are: {', '.join(codes())}")
    return files("kandoo") / "data" / code


def _yaml(file: Traversable) -> Mapping[str, object]:
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document
