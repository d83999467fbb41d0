"""Finding clusters in a census of establishments: which industries gather where, more than by chance.

Each measure is a function of arrays; `estimators` has them in scikit-learn's manner, fitted on a data frame.

>>> import numpy as np
>>> rng = np.random.default_rng(1)
>>> x, y = rng.uniform(0, 100, (2, 600))
>>> x[:40], y[:40] = rng.normal(50, 3, 40), rng.normal(50, 3, 40)  # forty wood workshops in one valley
>>> sites = Sites.build(
...     [f"s{i:03}" for i in range(600)], ["wood"] * 40 + ["other"] * 560, np.ones(600), x_km=x, y_km=y
... )
>>> curve = k_density(sites.points, sites.cases("wood"), simulations=199)
>>> curve.verdict, 5 < curve.reach_km < 20
('gathered', True)
"""

from .complexity import Complexity, economic_complexity
from .concentration import Concentration, coagglomeration, ellison_glaeser
from .curves import Bands, Curve, find_bands
from .density import k_density, simulate_density, usual_reach
from .density_grid import error_of_grid, simulate_density_by_grid
from .extents import Extent, find_extents
from .links import input_output_links, occupation_links
from .points import Points
from .priority import RankedCandidate, Ranking, rank_candidates, scaled
from .quotients import (
    STAR_PROFILES,
    Quotients,
    StarProfile,
    Stars,
    false_discovery_rates,
    location_quotients,
    star_clusters,
)
from .related import Grouping, RelatedIndustries, location_correlation, related_industries
from .relative import Surroundings, relative_concentration, simulate_concentration
from .relative_density import Rings, relative_density, simulate_relative_density
from .ripley import ripley_k, ripley_l
from .shift_share import ShiftShare, shift_share
from .sites import Sites
from .suppression import hidden_cells

__all__ = [
    "STAR_PROFILES", "Bands", "Complexity", "Concentration", "Curve", "Extent", "Grouping", "Points", "Quotients",
    "RankedCandidate", "Ranking", "RelatedIndustries", "Rings", "ShiftShare", "Sites", "StarProfile", "Stars",
    "Surroundings", "coagglomeration", "economic_complexity", "ellison_glaeser", "error_of_grid",
    "false_discovery_rates", "find_bands", "find_extents", "hidden_cells", "input_output_links", "k_density",
    "location_correlation", "location_quotients", "occupation_links", "rank_candidates", "related_industries", "relative_concentration", "relative_density",
    "ripley_k", "ripley_l", "scaled", "shift_share", "simulate_concentration", "simulate_density",
    "simulate_density_by_grid", "simulate_relative_density", "star_clusters", "usual_reach",
]  # fmt: skip
