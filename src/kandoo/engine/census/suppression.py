"""Which cells of a table of regions and industries may not be shown."""

import numpy as np

from .points import Bools, Ints

LEAST_SITES = 3


def hidden_cells(sites: Ints, least_sites: int = LEAST_SITES) -> Bools:
    """Cells with few sites, and as many others as keep them from being found by subtracting.

    First every cell with 1 to least_sites - 1 sites. Then, as long as a region or an industry has hidden
    cells that are a single one or have fewer than `least_sites` sites together, its smallest shown cell is
    hidden too, one with sites before an empty one. So whoever takes the shown cells from the total of a
    region or an industry is left with at least two cells of at least `least_sites` sites.

    Parameters
    ----------
    sites : array of int of shape (n_regions, n_industries)
        Number of sites in each cell.
    least_sites : int
        0 or 1 hides nothing.

    Returns
    -------
    array of bool of the same shape

    Notes
    -----
    It guards tables of one census with known totals. It does not guard two censuses that differ in a few
    sites, nor a line whose every cell is already hidden.

    Examples
    --------
    >>> hidden_cells(np.array([[2, 9, 8], [7, 6, 9], [9, 4, 0]]))
    array([[ True, False,  True],
           [ True, False,  True],
           [False, False, False]])
    """
    hidden = (sites > 0) & (sites < least_sites)
    changed = bool(hidden.any())
    while changed:
        changed = False
        for table, mask in ((sites, hidden), (sites.T, hidden.T)):
            for line in np.flatnonzero(_exposed(table, mask, least_sites)):
                shown = np.flatnonzero(~mask[line])
                order = np.lexsort((shown, table[line, shown], table[line, shown] == 0))
                mask[line, shown[order[0]]] = changed = True
    return hidden


def _exposed(sites: Ints, hidden: Bools, least_sites: int) -> Bools:
    """Lines whose hidden cells can be found, or are too few sites together, and that have one more to hide."""
    count = hidden.sum(axis=1)
    together = np.where(hidden, sites, 0).sum(axis=1)
    return np.asarray((count > 0) & ((count == 1) | (together < least_sites)) & (count < hidden.shape[1]))
