"""What is asked of a study beside its columns, and the words in which the engine is asked for it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

SIMULATIONS = (99, 199, 499, 999)
STARS = ("small-regions", "observatory-2007")
CHILD = "kandoo.finding.computing"  # started as a process; never imported here: it brings the compiler along
CHECKER = "kandoo.finding.looking"  # the same, for the rows of a long list
AT_ONCE_ROWS = 2_000  # a list up to here is looked at within the request, in a tenth of a second
REFUSED = 3  # its exit code when the engine cannot use the sites
SEED = 0  # fixed, so that equal files give equal tables


@dataclass(frozen=True, slots=True)
class Choices:
    """`year`: measured; `before`: compared with it. Both None where the list has no years. is_abroad: not of Iran alone."""

    simulations: int = 999
    stars: str = STARS[0]
    is_weighted: bool = False
    year: int | None = None
    before: int | None = None
    is_abroad: bool = False

    @property
    def years(self) -> tuple[int, ...]:
        """The years measured, the newest last."""
        return tuple(sorted(each for each in (self.before, self.year) if each is not None))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_dict(row: Mapping[str, Any]) -> "Choices":
        return Choices(**row)

    def words(self, profile: str, sites: str, output: str) -> list[str]:
        """As `kandoo census` would be asked; where the sites lie was looked at before."""
        asked = [sites, "-o", output, "--profile", profile, "--stars", self.stars]
        asked += ["--simulations", str(self.simulations), "--seed", str(SEED), "--country", "other"]
        return [*asked, *(["--weighted"] if self.is_weighted else [])]
