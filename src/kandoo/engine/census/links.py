"""How industries are linked otherwise than by place: what they buy from each other, and whom they employ."""

import numpy as np
from numpy.typing import ArrayLike

from .points import Floats
from .related import location_correlation


def input_output_links(flows: ArrayLike) -> Floats:
    """The strongest of the four ways in which two industries buy from and sell to each other.

    Link of i and j = the highest of: the share of i's inputs that comes from j, of j's from i, of i's output that goes
    to j, of j's to i.

    Parameters
    ----------
    flows : array of shape (n, n)
        Money from the seller in the row to the buyer in the column, 0 or more. Industries that are only buyers or
        sellers (households, imports) are rows and columns too: they count in the totals.

    Returns
    -------
    array of shape (n, n)
        From 0 to 1, symmetric.

    Raises
    ------
    ValueError
        When a flow is negative or the table is not square.

    References
    ----------
    Ellison, Glaeser, Kerr (2010), What Causes Industry Agglomeration?, American Economic Review 100; used so by
    Delgado, Porter, Stern (2016), Defining Clusters of Related Industries, J. Econ. Geography 16.

    Examples
    --------
    A mill sells 90 of 100 to a bakery, for which that is 90 of 120 inputs.

    >>> input_output_links([[0, 90, 10], [0, 0, 0], [0, 30, 0]]).tolist()
    [[0.0, 0.9, 1.0], [0.9, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    table = np.asarray(flows, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not (table >= 0).all():
        raise ValueError("Flows are a square table of amounts of at least 0.")
    sold, bought = table.sum(axis=1, keepdims=True), table.sum(axis=0, keepdims=True)
    shares = np.maximum(table / np.where(sold > 0, sold, 1), table / np.where(bought > 0, bought, 1))
    return np.asarray(np.maximum(shares, shares.T))


def occupation_links(people: ArrayLike) -> Floats:
    """Correlation over occupations of the shares that each has in two industries.

    Parameters
    ----------
    people : array of shape (n_occupations, n_industries)
        Persons, or shares of an industry, 0 or more.

    Returns
    -------
    array of shape (n_industries, n_industries)
        From -1 to 1, symmetric; 0 with an industry that employs as many of each occupation.

    Raises
    ------
    ValueError
        When a number is negative.

    References
    ----------
    Delgado, Porter, Stern (2016), Defining Clusters of Related Industries, J. Econ. Geography 16.

    Examples
    --------
    Joiners and clerks of a furniture maker and a joinery are alike; a bank has clerks alone.

    >>> occupation_links([[80, 8, 0], [20, 2, 90], [0, 0, 0]]).round(2).tolist()
    [[1.0, 1.0, -0.28], [1.0, 1.0, -0.28], [-0.28, -0.28, 1.0]]
    """
    table = np.asarray(people, dtype=np.float64)
    if not (table >= 0).all():
        raise ValueError("Numbers of people are at least 0.")
    return location_correlation(table)
