"""The measures in scikit-learn's manner: parameters first, `fit` on a census, what was found in attributes ending in _.

A census is a pandas DataFrame with the columns of sites.csv (`site_id`, `industry`, `lat` and `lon` or `x_km` and
`y_km`, `employment`, and `region` where a measure compares regions), or a `Sites`. Every estimator takes part in
`clone`, `get_params` and `set_params`; `to_frame` gives the table that `kandoo census` writes. Equal parameters and an
equal census, in whatever order of rows, give equal numbers.

This module alone imports scikit-learn when it is loaded; `kandoo.engine.census` has the functions behind it.

>>> import pandas as pd
>>> rng = np.random.default_rng(1)
>>> x, y = rng.uniform(0, 100, (2, 600))
>>> x[:40], y[:40] = rng.normal(50, 3, 40), rng.normal(50, 3, 40)  # forty wood workshops in one valley
>>> census = pd.DataFrame({"site_id": [f"s{i:03}" for i in range(600)], "industry": ["wood"] * 40 + ["other"] * 560,
...                        "x_km": x, "y_km": y, "employment": 1, "region": np.where(x < 50, "west", "east")})
>>> found = KDensity(simulations=199).fit(census)
>>> found.curves_["wood"].verdict, list(found.to_frame().columns[:3])
('gathered', ['industry', 'distance_km', 'value'])
>>> bool(Extents().fit(census).labels_[:40].max() >= 0)
True
"""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted

from .curves import LEVEL, Curve
from .density import k_density
from .extents import Extent, find_extents
from .relative import Surroundings, relative_concentration
from .sites import Sites
from .survey import HEADERS, Cells, Row, concentration_rows, curve_rows, find_related, quotient_rows, related_rows

LEAST_CASES = 3  # below that an industry has no curve


def _one_year(census: Any) -> Sites:
    sites = census if isinstance(census, Sites) else Sites.from_frame(census)
    if len(sites.years) > 1:
        raise ValueError(f"The census has {len(sites.years)} years; give one of them, as Sites.in_year does.")
    return sites


class _Measure(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What the estimators share.

    Attributes
    ----------
    industries_ : tuple of str
        All industries of the census, in order.
    rows_ : list of tuple
        The rows of the table.
    """

    table: ClassVar[str]  # among HEADERS

    def fit(self, X: Any, y: None = None) -> Self:
        """Measure a census.

        Parameters
        ----------
        X : pandas.DataFrame or Sites
            One row a site, of one year.
        y : None
            Not used; here so that pipelines can hand it on.

        Raises
        ------
        ValueError
            When a column is missing or a cell cannot be meant, naming both; with several years.
        """
        sites = _one_year(X)
        self.industries_ = sites.industries
        self.rows_ = list(self._measure(sites))
        return self

    def to_frame(self) -> Any:
        """The table as a pandas DataFrame, with the columns of the file of that name."""
        import pandas

        check_is_fitted(self, "rows_")
        return pandas.DataFrame(self.rows_, columns=list(HEADERS[self.table]))

    def _measure(self, sites: Sites) -> Iterable[Row]:
        raise NotImplementedError


class LocationQuotients(_Measure):
    """Location quotients with shrinkage, interval and false-discovery rate; see `location_quotients`.

    Parameters
    ----------
    level : float
        1 - confidence of the interval.
    """

    table = "lq"

    def __init__(self, *, level: float = LEVEL) -> None:
        self.level = level

    def _measure(self, sites: Sites) -> Iterable[Row]:
        return quotient_rows(sites, Cells.of(sites, sites.industries, 1), self.level)


class EllisonGlaeser(_Measure):
    """Ellison and Glaeser's index of every industry with jobs; see `ellison_glaeser`."""

    table = "eg"

    def _measure(self, sites: Sites) -> Iterable[Row]:
        _ = sites.jobs  # says which column is missing
        return concentration_rows(sites, sites.industries, 1)


class _Curves(_Measure):
    """A curve of every industry that has `LEAST_CASES` sites and is not every site.

    Parameters
    ----------
    reach_km : float or None
        The longest distance; None: the usual one of the sites.
    simulations : int
        Random industries behind each band; 0: no bands.
    level : float
        The part of random curves outside the bands.
    seed : int
    weighted : bool
        By employment (above 0 for M), not by number of sites.

    Attributes
    ----------
    curves_ : dict of str to Curve
        By industry.
    """

    def __init__(
        self,
        *,
        reach_km: float | None = None,
        simulations: int = 1000,
        level: float = LEVEL,
        seed: int = 0,
        weighted: bool = False,
    ) -> None:
        self.reach_km = reach_km
        self.simulations = simulations
        self.level = level
        self.seed = seed
        self.weighted = weighted

    def _measure(self, sites: Sites) -> Iterable[Row]:
        wanted = [
            name
            for name, number in zip(sites.industries, sites.number, strict=True)
            if LEAST_CASES <= number < len(sites)
        ]
        self.curves_: dict[str, Curve] = self._curves(sites, wanted)
        return [row for name, curve in self.curves_.items() for row in curve_rows(name, curve)]

    def _curves(self, sites: Sites, wanted: list[str]) -> dict[str, Curve]:
        raise NotImplementedError


class KDensity(_Curves):
    """Duranton and Overman's density of distances, of every industry; see `k_density`."""

    __doc__ += _Curves.__doc__ or ""
    table = "kd"

    def _curves(self, sites: Sites, wanted: list[str]) -> dict[str, Curve]:
        weight = sites.employment if self.weighted else None
        return {
            name: k_density(
                sites.points, sites.cases(name), weight=weight, reach_km=self.reach_km, simulations=self.simulations,
                seed=self.seed, level=self.level,
            )
            for name in wanted
        }  # fmt: skip


class RelativeConcentration(_Curves):
    """Marcon and Puech's M, of every industry; see `relative_concentration`."""

    __doc__ += _Curves.__doc__ or ""
    table = "m"

    def _curves(self, sites: Sites, wanted: list[str]) -> dict[str, Curve]:
        around = Surroundings.usual(sites.points, sites.employment if self.weighted else None, self.reach_km)
        return {
            name: relative_concentration(
                around, sites.cases(name), simulations=self.simulations, seed=self.seed, level=self.level
            )
            for name in wanted
        }


class Extents(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Where each industry is gathered: groups of its sites by density; see `find_extents`.

    Parameters
    ----------
    least_sites : int
        The smallest group, at least 2.

    Attributes
    ----------
    extents_ : dict of str to list of Extent
        By industry; their indices count the sites in the order of `site_ids_`.
    labels_ : array of int of shape (n_sites,)
        The group of each row of the census, -1 outside all.
    site_ids_ : array of str of shape (n_sites,)
    """

    def __init__(self, *, least_sites: int = 5) -> None:
        self.least_sites = least_sites

    def fit(self, X: Any, y: None = None) -> Self:
        """Group the sites of a census of one year: a pandas DataFrame, or a Sites."""
        sites = _one_year(X)
        self.site_ids_ = sites.site_id
        self.extents_: dict[str, list[Extent]] = {
            name: find_extents(sites.points, sites.cases(name), self.least_sites) for name in sites.industries
        }
        labels = np.full(len(sites), -1, dtype=np.int64)
        for group, extent in enumerate(each for own in self.extents_.values() for each in own):
            labels[extent.sites] = group
        if isinstance(X, Sites):
            self.labels_ = labels
        else:
            by_site = dict(zip(sites.site_id, labels, strict=True))
            self.labels_ = np.array([by_site[str(each)] for each in X["site_id"]], dtype=np.int64)
        return self


class RelatedSets(_Measure):
    """Sets of related industries by Delgado, Porter and Stern; see `related_industries`.

    Parameters
    ----------
    seed : int

    Attributes
    ----------
    found_ : RelatedIndustries
        With the alternatives and what was moved, and why.
    """

    table = "related"

    def __init__(self, *, seed: int = 0) -> None:
        self.seed = seed

    def _measure(self, sites: Sites) -> Iterable[Row]:
        self.found_, names = find_related(sites, self.seed)
        return related_rows(self.found_, names)
