"""The measures as scikit-learn's estimators: the numbers of the command, from a data frame."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from kandoo.engine.census import Sites
from kandoo.engine.census.estimators import (
    EllisonGlaeser,
    Extents,
    KDensity,
    LocationQuotients,
    RelatedSets,
    RelativeConcentration,
)

from .test_census_files import HEADER, census, rows

__all__ = ["census"]
ASKED = ("--simulations", "39", "--seed", "7", "--least-sites", "0", "--reach", "40")
TABLES = {
    "lq": LocationQuotients(),
    "eg": EllisonGlaeser(),
    "kd": KDensity(simulations=39, seed=7, reach_km=40),
    "m": RelativeConcentration(simulations=39, seed=7, reach_km=40),
}
ALL = [*TABLES.values(), Extents(least_sites=4), RelatedSets(seed=3)]


@pytest.fixture
def frame(tmp_path):
    path = tmp_path / "frame.csv"
    path.write_text(HEADER + "\n".join(rows()), encoding="utf-8")
    return pd.read_csv(path)


def industries(number: int) -> pd.DataFrame:
    """Many industries in a few regions, for sets of related ones."""
    rng = np.random.default_rng(4)
    return pd.DataFrame({
        "site_id": np.arange(number).astype(str), "industry": rng.choice(list("abcdefgh"), number),
        "x_km": rng.uniform(0, 90, number), "y_km": rng.uniform(0, 90, number),
        "employment": rng.integers(1, 40, number), "region": rng.choice(list("pqrs"), number),
    })  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_the_one_of_the_command(census, frame, name):
    code, folder = census(HEADER + "\n".join(rows()), *ASKED, "--measure", name)
    assert code == 0
    expected = pd.read_csv(folder / f"{name}.csv")
    pd.testing.assert_frame_equal(clone(TABLES[name]).fit(frame).to_frame(), expected, check_dtype=False, rtol=1e-12)


def test_sets_of_related_industries_are_those_of_the_command(census):
    made = industries(600)
    _, folder = census(made.to_csv(index=False), "--measure", "related", "--seed", "3")
    found = RelatedSets(seed=3).fit(made)
    pd.testing.assert_frame_equal(found.to_frame(), pd.read_csv(folder / "related.csv"), check_dtype=False)
    assert found.found_.best.made_by == json.loads((folder / "related.json").read_text())["made_by"]


@pytest.mark.parametrize("measure", ALL, ids=lambda each: type(each).__name__)
def test_an_estimator_is_cloned_and_set_as_scikit_learn_does(measure):
    copy = clone(measure)
    assert copy is not measure and copy.get_params() == measure.get_params()
    for name in measure.get_params():
        assert clone(measure).set_params(**{name: 12}).get_params()[name] == 12
    with pytest.raises(ValueError, match="Invalid parameter"):
        copy.set_params(colour="red")


@pytest.mark.parametrize("measure", TABLES.values(), ids=lambda each: type(each).__name__)
def test_the_order_of_the_rows_changes_nothing_and_the_census_is_left_as_it_was(frame, measure):
    before = frame.copy()
    one = clone(measure).fit(frame).to_frame()
    other = clone(measure).fit(frame.sample(frac=1, random_state=5)).to_frame()
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(frame, before)


def test_the_label_of_a_row_follows_it(frame):
    labels = pd.Series(Extents().fit_predict(frame), index=frame["site_id"])
    mixed = frame.sample(frac=1, random_state=5)
    again = pd.Series(Extents().fit_predict(mixed), index=mixed["site_id"])
    assert labels.sort_index().equals(again.sort_index())
    valley = labels.iloc[:40]  # the stone cutters in one place
    assert valley.max() >= 0 and (valley == valley.mode()[0]).sum() > 30


def test_a_census_that_cannot_be_meant_is_refused_by_column_and_row(frame):
    with pytest.raises(ValueError, match="region"):
        LocationQuotients().fit(frame.drop(columns="region"))
    with pytest.raises(ValueError, match="region"):
        EllisonGlaeser().fit(frame.drop(columns="region"))
    frame.loc[17, "employment"] = -1
    with pytest.raises(ValueError, match="employment: row 17"):
        KDensity().fit(frame)
    years = pd.concat([frame.assign(employment=1, year=year) for year in (1403, 1404)])
    with pytest.raises(ValueError, match="2 years"):
        KDensity().fit(years.reset_index())
    one = Sites.from_frame(years.reset_index()).in_year(1404)
    assert KDensity(simulations=0).fit(one).curves_.keys() == {"food", "other", "stone"}


def test_what_is_not_fitted_has_no_table():
    with pytest.raises(NotFittedError):
        KDensity().to_frame()
