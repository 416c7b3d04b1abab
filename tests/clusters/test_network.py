"""Networks from data: orientation, normalisation, strict labels, and what is wrong with a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.clusters import (
    NORMALISATIONS,
    ClusterParameters,
    SpilloverNetwork,
    learn,
    read_network,
    spillover_network,
)
from tradewinds.errors import AlignmentError, DataError, InputError

CITATIONS = "from,to,value\ntoys,steel,20\nsteel,toys,5\ntoys,toys,30\nsteel,steel,45\n"
SQUARE = ",toys,steel\nsteel,5,45\ntoys,30,20\n"


def write(folder, text, name="table.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("text", [CITATIONS, SQUARE, "\ufeff" + CITATIONS, CITATIONS.replace(",", ", ")])
def test_a_citation_from_toys_to_steel_means_that_toys_learn_from_steel(tmp_path, text):
    network = read_network(write(tmp_path, text), kind="citations", industries=["steel", "toys"])
    assert network.industries == ("steel", "toys")
    assert network.flows.tolist() == [[45, 20], [5, 30]]  # row teaches
    np.testing.assert_allclose(
        network.learning_shares(), [[0.9, 0.1], [0.4, 0.6]]
    )  # row learns: steel 45 of 50, toys 20 of 50


@pytest.mark.parametrize(
    ("kind", "teacher", "first_row"),
    [
        ("citations", None, [45, 20]),
        ("citations", "from", [45, 5]),  # against the custom, if asked
        ("labour_flows", None, [45, 5]),
        ("spillovers", None, [45, 5]),
        ("input_output", "from", [45, 5]),
        ("input_output", "to", [45, 20]),
    ],
)
def test_who_teaches_whom_is_stated(tmp_path, kind, teacher, first_row):
    network = read_network(write(tmp_path, SQUARE), kind=kind, teacher=teacher)
    assert network.flows[0].tolist() == first_row


def test_an_input_output_table_does_not_say_who_teaches(tmp_path):
    with pytest.raises(InputError, match='needs teacher: "from" if buyers learn from their suppliers'):
        read_network(write(tmp_path, SQUARE), kind="input_output")


@pytest.mark.parametrize(
    ("normalise", "diagonal", "expected"),
    [
        ("row", True, [[45 / 65, 20 / 65], [5 / 35, 30 / 35]]),
        ("column", True, [[45 / 50, 20 / 50], [5 / 50, 30 / 50]]),
        ("total", True, [[0.45, 0.2], [0.05, 0.3]]),
        ("largest", True, [[1, 20 / 45], [5 / 45, 30 / 45]]),
        ("none", True, [[45, 20], [5, 30]]),
        ("row", False, [[0, 1], [1, 0]]),
        ("column", False, [[0, 1], [1, 0]]),
        ("total", False, [[0, 0.8], [0.2, 0]]),
        ("largest", False, [[0, 1], [0.25, 0]]),
        ("none", False, [[0, 20], [5, 0]]),
    ],
)
def test_normalisations(normalise, diagonal, expected):
    network = SpilloverNetwork(np.array([[45.0, 20], [5, 30]]), ("steel", "toys"))
    scale = 1 / 450
    found = network.learning_rates(normalise=normalise, diagonal=diagonal, scale=scale)
    np.testing.assert_allclose(found, scale * np.array(expected, dtype=float), rtol=1e-14)


@settings(deadline=None, max_examples=40)
@given(
    st.integers(1, 6).flatmap(lambda n: st.lists(st.floats(1e-3, 1e6), min_size=n * n, max_size=n * n)),
    st.sampled_from([name for name in NORMALISATIONS if name != "none"]),
    st.floats(0.01, 1),
    st.floats(1e-3, 1e3),
)
def test_what_is_made_one_is_one_and_the_unit_does_not_matter(cells, normalise, scale, unit):
    n = round(len(cells) ** 0.5)
    flows = np.reshape(cells, (n, n))
    labels = tuple(f"industry {i}" for i in range(n))
    rates = SpilloverNetwork(flows, labels).learning_rates(normalise=normalise, scale=scale)
    one = {"row": rates.sum(axis=1), "column": rates.sum(axis=0), "total": rates.sum(), "largest": rates.max()}[
        normalise
    ]
    np.testing.assert_allclose(one, scale, rtol=1e-12)
    assert rates.min() >= 0
    assert rates.max() <= 1
    np.testing.assert_allclose(
        SpilloverNetwork(flows * unit, labels).learning_rates(normalise=normalise, scale=scale), rates
    )
    np.testing.assert_allclose(SpilloverNetwork(flows, labels).learning_shares().sum(axis=1), 1)


def test_the_paper_of_hanlon_as_a_table_of_citations():
    """Industries 1 and 2 cite each other, as do 3 and 4: Figure 3, in which trade raises all four by 0.1 a year."""
    table = pd.DataFrame({"from": list("1234"), "to": list("2143"), "value": [7, 7, 7, 7]})
    network = spillover_network(table, kind="citations", missing="zero", industries=list("1234"))
    economy = ClusterParameters(
        technology=[[10, 10, 5, 5], [5, 5, 10, 10]], spillovers=network.learning_rates(normalise="largest", scale=0.2)
    )
    np.testing.assert_allclose(learn(economy, horizon=50).value.technology_at(50)[0], [15, 15, 5, 5])


def test_labels_stay_text(tmp_path):
    path = write(tmp_path, "from,to,value\n01,1,3\n1,01,4\n01,01,0\n1,1,0\n")
    assert read_network(path, kind="spillovers").industries == ("01", "1")


def test_missing_pairs_are_an_error_unless_told(tmp_path):
    path = write(tmp_path, CITATIONS.replace("steel,toys,5\n", ""))
    with pytest.raises(DataError, match='no number from steel to toys; fill them in, or say missing = "zero"'):
        read_network(path, kind="citations")
    assert read_network(path, kind="citations", missing="zero").flows.sum() == 95
    with pytest.raises(DataError, match="no number from steel to toys"):
        read_network(write(tmp_path, ",toys,steel\nsteel,,45\ntoys,30,20\n"), kind="citations")


def test_a_missing_industry_is_named(tmp_path):
    with pytest.raises(AlignmentError, match="the table lacks chemicals"):
        read_network(write(tmp_path, CITATIONS), kind="citations", industries=["steel", "toys", "chemicals"])
    with pytest.raises(AlignmentError, match="industries lacks toys"):
        read_network(write(tmp_path, CITATIONS), kind="citations", industries=["steel"])
    with pytest.raises(AlignmentError, match="columns lacks toys"):
        read_network(write(tmp_path, ",steel,chemicals\nsteel,1,2\ntoys,3,4\n"), kind="citations")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CITATIONS.replace(",20", ",many"), "row 1, from toys to steel: 'many' is not a number"),
        (CITATIONS.replace(",20", ",nan"), "row 1, from toys to steel: 'nan' is not a number"),
        (CITATIONS.replace(",20", ",-20"), "row 1, from toys to steel: it is -20; flows are at least 0"),
        (CITATIONS.replace(",20", ",inf"), "row 1, from toys to steel: it is inf"),
        (CITATIONS + "toys,steel,3\n", "rows 1 and 5 are both from toys to steel"),
        (CITATIONS + "toys,,3\n", "row 5: it does not say to which industry"),
        (
            CITATIONS.replace("value\n", "value,year\n").replace("0\n", "0,1\n").replace("5\n", "5,1\n"),
            "column 'year' is not known",
        ),
        ("from,to,value\n", "it has no rows"),
        (",toys,steel\nsteel,x,45\ntoys,30,-1\n", "2 problems found"),
        ("a;b\n1;2\n", "it has one column, 'a;b'; separate columns by commas"),
        ("", "it is not a table in CSV"),
        (",toys\n", "columns are|rows lacks toys"),
    ],
)
def test_bad_tables(tmp_path, text, words):
    with pytest.raises(InputError, match=words):
        read_network(write(tmp_path, text), kind="citations")


def test_bad_files(tmp_path):
    with pytest.raises(DataError, match="there is no such file"):
        read_network(tmp_path / "nowhere.csv", kind="citations")
    with pytest.raises(DataError, match="cannot be read"):
        read_network(tmp_path, kind="citations")
    (tmp_path / "latin.csv").write_bytes("from,to,value\nl\xe4n,b,1\n".encode("latin-1"))
    with pytest.raises(DataError, match="cannot be read as UTF-8"):
        read_network(tmp_path / "latin.csv", kind="citations")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"normalise": "rows"}, "normalise is 'rows'. Did you mean \"row\""),
        (
            {"normalise": "none"},
            "what toys learns from steel becomes a learning rate of 20; .* Make scale at most 0.05",
        ),
        ({"normalise": "row", "scale": 0}, "scale is 0; it must be above 0"),
        ({"normalise": "row", "scale": 2}, "Make scale at most 1"),
        ({"normalise": "row"}, "industries that teach nobody, so that shares cannot sum to one: toys"),
        ({"normalise": "row", "diagonal": False}, "industries that teach nobody"),
    ],
)
def test_bad_options(options, words):
    network = SpilloverNetwork(np.array([[0.0, 20], [0, 0]]), ("steel", "toys"))
    if options == {"normalise": "row", "scale": 2}:
        network = SpilloverNetwork(np.array([[0.0, 20], [1, 0]]), ("steel", "toys"))
    with pytest.raises(InputError, match=words):
        network.learning_rates(**options)


def test_what_learns_from_nobody_has_no_shares():
    with pytest.raises(InputError, match="industries that learn from nobody, so that shares cannot sum to one: steel"):
        SpilloverNetwork(np.array([[0.0, 20], [0, 0]]), ("steel", "toys")).learning_shares()
    with pytest.raises(InputError, match="there is no network off the diagonal"):
        SpilloverNetwork(np.eye(2), ("steel", "toys")).learning_shares(diagonal=False)


@pytest.mark.parametrize(
    ("flows", "labels", "words"),
    [
        ([[1, 2]], ("a", "b"), "must have shape \\(2, 2\\)"),
        ([[1, 2], [3, 4]], ("a", "a"), "occur twice: a"),
        ([[1, -2], [3, 4]], ("a", "b"), "what b learns from a is -2.0; it must be at least 0"),
        ([[1, np.nan], [3, 4]], ("a", "b"), "what b learns from a is nan"),
    ],
)
def test_bad_networks(flows, labels, words):
    with pytest.raises(InputError, match=words):
        SpilloverNetwork(np.array(flows), labels)


def test_what_comes_back(tmp_path):
    network = read_network(write(tmp_path, CITATIONS), kind="citations")
    frame = network.tidy().set_index(["teacher", "learner"])["value"]
    assert frame["steel", "toys"] == 20
    text = network.summary()
    assert "the target of a flow teaches" in text
    assert "what toys learns from steel: 20" in text
    figure = network.plot()
    assert figure.axes[0].get_ylabel() == "learns"
    assert {text.get_text() for text in figure.axes[0].texts} == {"0.60", "0.40", "0.90", "0.10"}
