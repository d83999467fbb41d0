"""Which cells of a table of regions and industries may not be shown."""

import numpy as np

from .points import Bools, Ints
from .sites import Sites

LEAST_SITES = 3


def hidden_cells(sites: Ints, least_sites: int = LEAST_SITES, changed: Ints | None = None) -> Bools:
    """Cells with few sites, and as many others as keep them from being found by subtracting.

    First every cell with 1 to least_sites - 1 sites, or in which so few have changed since a table that is out
    already: whoever subtracts the two would see those few. Then, as long as a region or an industry has hidden
    cells that are a single one or have fewer than `least_sites` sites together, its smallest shown cell is
    hidden too, one with sites before an empty one. Last, as long as a hidden cell follows from the totals of several
    regions and industries together, a cell is hidden that breaks the chain.

    Parameters
    ----------
    sites : array of int of shape (n_regions, n_industries)
        Number of sites in each cell.
    least_sites : int
        0 or 1 hides nothing.
    changed : array of int of the same shape, optional
        Sites of each cell that are not in the published table, or were other there; see `changed_sites`.

    Returns
    -------
    array of bool of the same shape

    Notes
    -----
    It guards the cells of tables whose totals are known, not the totals: if one site alone was added to a region, two
    totals of the region give it away, and a total may not be published either. A cell with many sites of which
    one has nearly all the jobs is shown.

    References
    ----------
    Gusfield (1988), A Graph Theoretic Approach to Statistical Data Security, SIAM J. Computing 17: a hidden cell is
    safe when it lies on a ring of hidden cells.

    Examples
    --------
    >>> hidden_cells(np.array([[2, 9, 8], [7, 6, 9], [9, 4, 0]]))
    array([[ True, False,  True],
           [ True, False,  True],
           [False, False, False]])
    """
    hidden = (sites > 0) & (sites < least_sites)
    if changed is not None:
        hidden |= (changed > 0) & (changed < least_sites)
    if not hidden.any():
        return hidden
    while _hide_beside(sites, hidden, least_sites) or _hide_across(sites, hidden):
        pass
    return hidden


def changed_sites(here: Sites, before: Sites) -> Ints:
    """Sites that are in a cell of one of two censuses alone, or with other employment in both.

    Returns
    -------
    array of int of shape (n_regions, n_industries) of `here`
        Cells that only the earlier census has are not counted: no table of the later one shows them.
    """
    found: Ints = np.zeros((len(here.regions), len(here.industries)), dtype=np.int64)
    now, then = (_employment_by_place(each) for each in (here, before))
    regions = {name: code for code, name in enumerate(here.regions)}
    industries = {name: code for code, name in enumerate(here.industries)}
    for site, region, industry in now.keys() | then.keys():
        place = site, region, industry
        if now.get(place) != then.get(place) and region in regions and industry in industries:
            found[regions[region], industries[industry]] += 1
    return found


def _employment_by_place(sites: Sites) -> dict[tuple[str, str, str], float]:
    """Persons by (site, region, industry)."""
    if sites.region is None:
        raise ValueError("This needs the column region, which the census does not have.")
    regions, industries = (
        np.array(sites.regions, object)[sites.region],
        np.array(sites.industries, object)[sites.industry],
    )
    return dict(zip(zip(sites.site_id, regions, industries, strict=True), sites.employment.tolist(), strict=True))


def _hide_beside(sites: Ints, hidden: Bools, least_sites: int) -> bool:
    """Hide one more cell of each line whose hidden ones are exposed; whether there was any."""
    has_hidden = False
    for table, mask in ((sites, hidden), (sites.T, hidden.T)):
        for line in np.flatnonzero(_exposed(table, mask, least_sites)):
            shown = np.flatnonzero(~mask[line])
            order = np.lexsort((shown, table[line, shown], table[line, shown] == 0))
            mask[line, shown[order[0]]] = has_hidden = True
    return has_hidden


def _exposed(sites: Ints, hidden: Bools, least_sites: int) -> Bools:
    """Lines whose hidden cells can be found, or are too few sites together, and that have one more to hide."""
    count = hidden.sum(axis=1)
    together = np.where(hidden, sites, 0).sum(axis=1)
    return np.asarray((count > 0) & ((count == 1) | (together < least_sites)) & (count < hidden.shape[1]))


def _hide_across(sites: Ints, hidden: Bools) -> bool:
    """Hide the smallest cell that puts an exposed one on a ring of hidden cells; whether there was any.

    Regions and industries are places, hidden cells the roads between them. A road whose closing would part two towns
    carries exactly what the totals on one side of it leave over.
    """
    found = _find_bridge(hidden)
    if found is None:
        return False
    (region, industry), beyond = found
    rows, columns = beyond[: hidden.shape[0]], beyond[hidden.shape[0] :]
    joining = (rows[:, None] != columns[None, :]) & ~hidden
    if not joining.any():
        joining = np.zeros_like(hidden)
        joining[region], joining[:, industry] = True, True
        joining &= ~hidden
    if not joining.any():  # a table of one line
        return False
    places = np.argwhere(joining)
    size = sites[joining]
    region, industry = places[np.lexsort((size, size == 0))[0]]
    hidden[region, industry] = True
    return True


def _find_bridge(hidden: Bools) -> tuple[tuple[int, int], Bools] | None:
    """A hidden cell on no ring, and which regions and industries, in one line, lie beyond it; None without any.

    Tarjan's lowest reachable number, without recursion.
    """
    regions = hidden.shape[0]
    beside = [np.flatnonzero(row) + regions for row in hidden] + [np.flatnonzero(column) for column in hidden.T]
    number = np.full(len(beside), -1)
    lowest = number.copy()
    order: list[int] = []
    for start in range(regions):
        if number[start] >= 0 or not beside[start].size:
            continue
        stack = [(start, -1, iter(beside[start].tolist()))]
        number[start] = lowest[start] = len(order)
        order.append(start)
        while stack:
            place, came_from, others = stack[-1]
            other = next((each for each in others if each != came_from), None)
            if other is None:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    lowest[above] = min(lowest[above], lowest[place])
                    if lowest[place] > number[above]:
                        beyond = np.zeros(len(beside), dtype=bool)
                        beyond[order[number[place] :]] = True
                        region, industry = sorted((place, above))
                        return (region, industry - regions), beyond
            elif number[other] >= 0:
                lowest[place] = min(lowest[place], number[other])
            else:
                number[other] = lowest[other] = len(order)
                order.append(other)
                stack.append((other, place, iter(beside[other].tolist())))
    return None
