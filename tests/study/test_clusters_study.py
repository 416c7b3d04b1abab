"""The clusters kind of study: what it leaves in its folder, the policies of the design, spillovers from a file, and bad input."""

from __future__ import annotations

import json
import typing
import xml.etree.ElementTree as ET
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tradewinds.clusters import (
    NETWORK_KINDS,
    NORMALISATIONS,
    PAPER_FIGURES,
    POLICIES,
    TIES,
    break_even_rates,
    discounted_welfare,
    effects_of_opening,
    paper_economy,
    simulate,
)
from tradewinds.errors import StudyError
from tradewinds.report.clusters_figures import renamed
from tradewinds.report.clusters_words import Names
from tradewinds.study import list_studies, parse_study, read_study, run_study, study_text, write_starter
from tradewinds.study.clusters import ClustersRun
from tradewinds.study.clusters_fields import ClustersStudy, Policy, SpilloverFile

DESIGN = """schema = 1
[clusters]
sigma = 2.0
labour = { home = 1.0, foreign = 1.0 }
technology = { home = [10, 4, 5, 2], foreign = [2, 5, 4, 10] }
spillovers = [[0, .2, 0, 0], [.2, 0, 0, 0], [0, 0, 0, .2], [0, 0, .2, 0]]   # row sends, column receives
horizon = 100
times = [0, 50, 100]
"""
DESIGN = DESIGN.replace(" .2", " 0.2").replace("[.2", "[0.2")
OPTIONS = {"gradual": "open_first = [1, 4]\n", "schedule": "open_at = [0, 20, 20, 0]\n"}


def run(text: str, folder: Path):
    study = folder / "study.toml"
    study.write_text(text, encoding="utf-8")
    return run_study(read_study(study), folder / "out", study_file=study)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_example_of_the_design_with_each_policy(tmp_path, policy):
    options = OPTIONS.get(policy, "")
    outcome = run(DESIGN + f'policy = "{policy}"\n{options}', tmp_path)
    assert outcome.failed_checks == ()
    given = (
        {"open_first": [1, 4]} if policy == "gradual" else {"open_at": [0, 20, 20, 0]} if policy == "schedule" else {}
    )
    path = simulate(paper_economy(6), policy=policy, times=[0, 50, 100], **given).value
    results = pd.read_csv(tmp_path / "out" / "results.csv", keep_default_na=False)
    assert list(results.columns) == ["variable", "value", "unit", "country", "industry", "time"]
    assert set(results["time"]) == {0, 50, 100}
    income = results[results["variable"] == "real_income"].astype({"value": float})
    for c, country in enumerate(("home", "foreign")):
        own = income[income["country"] == country].sort_values("time")["value"]
        np.testing.assert_allclose(own, path.real_income([0, 50, 100])[c], rtol=1e-12)
    events = pd.read_csv(tmp_path / "out" / "events.csv")
    assert list(events.columns)[:3] == ["time", "event", "industry"]
    np.testing.assert_allclose(events["time"].astype(float), [event.time for event in path.events])
    assert {item.name for item in (tmp_path / "out").iterdir()} == {
        *("results.csv", "events.csv", "report.html", "provenance.json", "figures")
    }
    assert {item.name for item in (tmp_path / "out" / "figures").glob("path*")} == {"path.svg"}
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "What opening does to growth" in page
    assert "<h2" in page
    assert ">Welfare<" not in page


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> Path:
    """Return the folder of the example under four policies, with welfare."""
    folder = tmp_path_factory.mktemp("compared")
    more = 'policy = "delayed"\nopen_first = [1, 4]\ncompare = ["trade", "autarky", "gradual"]\ndiscount_rate = 0.03\n'
    assert run(DESIGN + more, folder).failed_checks == ()
    return folder / "out"


def test_policies_stand_side_by_side(compared):
    assert {item.name for item in (compared / "figures").iterdir()} == {
        *("incomes.svg", "path-delayed.svg", "path-trade.svg", "path-autarky.svg", "path-gradual.svg"),
        *("effects.svg", "effects-2.svg", "effects-3.svg"),  # at once, and the two openings that wait
    }
    for figure in (compared / "figures").iterdir():
        assert ET.parse(figure).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    frame = pd.read_csv(compared / "policies.csv", keep_default_na=False)
    assert list(dict.fromkeys(frame["policy"])) == ["delayed", "trade", "autarky", "gradual"]
    own = frame[frame["policy"] == "delayed"].drop(columns="policy").reset_index(drop=True)
    results = pd.read_csv(compared / "results.csv", keep_default_na=False)
    pd.testing.assert_frame_equal(own[results.columns], results)
    events = pd.read_csv(compared / "policies-events.csv")
    built = events[events["event"] == "cluster_building"].set_index("policy")["time"]
    assert built["delayed"] == pytest.approx(45 * np.sqrt(7) - 105, abs=1e-6)
    assert built["gradual"] == pytest.approx(7.349370, abs=1e-6)  # research notes, section 4.6


def test_welfare_is_that_of_long_paths(compared):
    frame = pd.read_csv(compared / "welfare.csv").set_index(["variable", "policy", "country"])["value"]
    found = {}
    for policy in ("delayed", "trade"):
        path = simulate(paper_economy(6), policy=policy, horizon=2500)
        found[policy] = discounted_welfare(path, discount_rate=0.03).equivalent_consumption
        for c, country in enumerate(("home", "foreign")):
            assert frame["equivalent_consumption", policy, country] == pytest.approx(found[policy][c], rel=1e-7)
    assert frame["gain", "trade", "home"] == pytest.approx(found["trade"][0] / found["delayed"][0] - 1, rel=1e-6)
    assert frame["gain", "delayed", "home"] == 0


def test_the_page_tells_what_happened_and_who_should_wait(compared):
    page = (compared / "report.html").read_text(encoding="utf-8")
    assert "At 14.059 opening has become cluster building; industries 1, 2, 3 and 4 open to trade." in page
    assert "At 7.3494 opening has become cluster building; industries 2 and 3 open to trade." in page
    assert "at home cluster destroying: cut 1 → 2 (0.2)" in page
    delayed, trade = (simulate(paper_economy(6), policy=policy, horizon=2500) for policy in ("delayed", "trade"))
    (rate,) = break_even_rates(delayed, trade).rates[0]
    assert f"{rate:.4g}" in page
    effects = effects_of_opening(paper_economy(6))
    assert f"{100 * (effects.static_gain[0] - 1):.1f}" in page
    assert "−0.95 percentage points" in page


def test_provenance_lets_a_stranger_do_it_again(compared):
    record = json.loads((compared / "provenance.json").read_text(encoding="utf-8"))
    assert record["status"] == "complete"
    parameters = {item["name"]: item for item in record["parameters"]}
    assert parameters["technology of home"]["value"] == [10, 4, 5, 2]
    assert parameters["spillovers sent by industry 1"]["value"] == [0, 0.2, 0, 0]
    assert (parameters["sigma"]["source"], parameters["risk_aversion"]["source"]) == ("study file", "default")
    again = parse_study((compared.parent / "study.toml").read_text(encoding="utf-8"))
    assert type(again).model_validate(record["study"]["content"]) == again


def test_the_starter_learns_from_its_file(tmp_path):
    study, citations = write_starter("clusters", tmp_path)
    outcome = run_study(read_study(study), tmp_path / "out", study_file=study)
    assert outcome.failed_checks == ()
    economy = ClustersRun(read_study(study).clusters, tmp_path).parameters
    # ships cite engines 90 times, of at most 120: engines teach ships at 0.2 * 90 / 120
    assert economy.tau[0, 1] == pytest.approx(0.15)
    assert economy.tau[1, 0] == pytest.approx(0.2)
    record = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert [(item["name"], item["sha256"]) for item in record["datasets"]] == [
        (citations.name, sha256(citations.read_bytes()).hexdigest())
    ]
    again = read_study(study)
    assert type(again).model_validate(record["study"]["content"]) == again
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "engines and dyes open to trade" in page
    assert "ships closes abroad" in page


def test_a_table_that_does_not_fit_is_refused_by_its_key(tmp_path):
    study, citations = write_starter("clusters", tmp_path)
    text = study.read_text(encoding="utf-8")
    for changed, words in (
        (text.replace("scale = 0.2", "scale = 2"), 'key "clusters.spillovers": what .* becomes a learning rate of 2'),
        (text.replace('"dyes"]', '"wine"]'), "industry labels differ: the table lacks wine; industries lacks dyes"),
        (text.replace("-citations.csv", "-citation.csv"), 'key "clusters.spillovers.file" is "clusters-citation.csv"'),
        (text.replace(', missing = "zero"', ""), "no number from"),
    ):
        assert changed != text
        with pytest.raises(StudyError if "key" in words else ValueError, match=words):
            run(changed, tmp_path)
    assert not (tmp_path / "out").exists()
    assert citations.exists()


FIGURES = [name for name in list_studies() if name.startswith("hanlon-")]


def test_every_figure_of_the_paper_ships():
    assert {int(name.split("-")[2]) for name in FIGURES} == set(PAPER_FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_shipped_studies_are_the_paper_s_economies(name):
    study = parse_study(study_text(name)).clusters
    run = ClustersRun(study, Path())
    expected = paper_economy(int(name.split("-")[2]), study.sigma)
    np.testing.assert_array_equal(run.parameters.technology, expected.technology)
    np.testing.assert_array_equal(run.parameters.tau, expected.tau)
    np.testing.assert_array_equal(run.parameters.labour, expected.labour)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hanlon-figure-3", "from 30 to 50 in both countries"),  # autarky at sigma = 2: 30 + 0.2 t
        ("hanlon-figure-4", "from 40 to 40 in both countries"),
        ("hanlon-figure-5", "from 40 to 107.4 at home and from 40 to 57.42 abroad"),  # research notes, section 4.6
        ("hanlon-figure-8", "from 15.87 to 69.64 in both countries"),
    ],
)
def test_shipped_studies_run(tmp_path, name, words):
    outcome = run_study(read_study(name), tmp_path / "out", study_file=name)
    assert outcome.failed_checks == ()
    assert words in outcome.headline


def test_a_path_that_is_not_solved_is_kept_and_marked(tmp_path, monkeypatch):
    monkeypatch.setattr("tradewinds.clusters.policies.PATH_TOLERANCE", 1e-300)
    outcome = run(DESIGN + 'policy = "autarky"\ndiscount_rate = 0.05\n', tmp_path)
    assert "policy autarky is not solved" in outcome.failed_checks[0]
    assert "Not solved." in outcome.headline
    record = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert record["status"].startswith("marked")
    assert not (tmp_path / "out" / "welfare.csv").exists()


def test_an_opening_that_never_builds_clusters_is_a_warning(tmp_path):
    text = DESIGN.replace("[10, 4, 5, 2]", "[10, 5, 10, 5]").replace("[2, 5, 4, 10]", "[5, 10, 5, 10]")
    outcome = run(text.replace("horizon = 100", "horizon = 100\npolicy = 'delayed'"), tmp_path)
    assert "opening does not become cluster building up to 100" in outcome.warnings[0]


def test_an_economy_with_ties_says_that_effects_are_not_determined(tmp_path):
    text = DESIGN.replace("[10, 4, 5, 2]", "[4, 2, 2, 1]").replace("[2, 5, 4, 10]", "[1, 2, 2, 4]")
    assert run(text + 'policy = "autarky"\n', tmp_path).failed_checks == ()
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "is not determined: industries 2, 3 are tied" in page


def test_words_of_the_study_are_those_of_the_model():
    assert set(typing.get_args(Policy)) == set(POLICIES)
    fields = SpilloverFile.model_fields
    assert set(typing.get_args(fields["kind"].annotation)) == set(NETWORK_KINDS)
    assert set(typing.get_args(fields["normalise"].annotation)) == set(NORMALISATIONS)
    assert set(typing.get_args(ClustersStudy.model_fields["ties"].annotation)) == set(TIES)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("sigma = 2.0", "sigma = 1.0"), 'key "clusters.sigma" .line 3. is 1.0; it must be above 1'),
        (
            ("foreign = [2, 5, 4, 10]", "foreign = [2, 5, 4]"),
            'key "clusters.technology.foreign" .line 5.: 3 industries, but home has 4',
        ),
        (
            ("[10, 4", "[0, 4"),
            'key "clusters.technology.home" .line 5., item 1, is 0; it must be above 0|greater than 0',
        ),
        (("foreign = 1.0", "foregn = 1.0"), 'Did you mean "foreign"'),
        (("foreign = 1.0", "foreign = -1.0"), 'key "clusters.labour.foreign"'),
        (("[[0, 0.2, 0, 0], ", "["), 'key "clusters.spillovers" .line 6.: row 1 has 4 numbers, but there are 3 rows'),
        (("[[0, 0.2", "[[0, -0.2"), "row 1, column 2 is -0.2; it must be a number of at least 0"),
        (("[[0, 0.2", "[[0, '2'"), "row 1, column 2 is '2'"),
        (("[[0, 0.2", "[[0, 1.2"), "1.2 is above 1; set allow_large_spillovers = true if that is meant"),
        (("horizon = 100", "horizon = 0"), 'key "clusters.horizon"'),
        (
            ("times = [0, 50, 100]", "times = [0, 50, 101]"),
            'key "clusters.times" .line 8.: 101 is not between 0 and the horizon, 100',
        ),
        (("times = [0, 50, 100]", "times = [50, 0]"), "0 comes after 50; dates must rise"),
        (("times = [0, 50, 100]", "policy = 'gradul'"), 'Did you mean "gradual"'),
        (
            ("times = [0, 50, 100]", "policy = 'gradual'"),
            'key "clusters.open_first": policy "gradual" needs it: \\[1, 4\\]',
        ),
        (
            ("times = [0, 50, 100]", "open_first = [1]"),
            'key "clusters.open_first" .*belongs to policy "gradual", which is neither',
        ),
        (
            ("times = [0, 50, 100]", "policy = 'gradual'\nopen_first = [5]"),
            "there is no industry 5; they are numbered from 1 to 4",
        ),
        (("times = [0, 50, 100]", "compare = ['schedule']"), 'policy "schedule" needs it: one date an industry'),
        (("times = [0, 50, 100]", "policy = 'schedule'\nopen_at = [0, 1]"), "2 dates for 4 industries"),
        (
            ("times = [0, 50, 100]", "policy = 'schedule'\nopen_at = [0, 1, -1, 2]"),
            "industry 3 opens at -1; dates are at least 0",
        ),
        (("times = [0, 50, 100]", "industries = ['a', 'b', 'c']"), "3 names for 4 industries"),
        (("times = [0, 50, 100]", "industries = ['a', 'b', 'a', 'c']"), 'two industries are called "a"'),
        (("times = [0, 50, 100]", "discount_rate = 0"), 'key "clusters.discount_rate"'),
        (("times = [0, 50, 100]", "ties = 'first'"), 'Allowed: "equal", "inertia"'),
        (
            ("[[0, 0.2, 0, 0], [0.2, 0, 0, 0], [0, 0, 0, 0.2], [0, 0, 0.2, 0]]", "3"),
            'key "clusters.spillovers" .line 6.: give a square list',
        ),
        (
            (
                "[[0, 0.2, 0, 0], [0.2, 0, 0, 0], [0, 0, 0, 0.2], [0, 0, 0.2, 0]]",
                "{ file = 'x.csv', kind = 'citation', normalise = 'row' }",
            ),
            'key "clusters.spillovers.kind" .line 6. is "citation". Did you mean "citations"',
        ),
        (
            (
                "[[0, 0.2, 0, 0], [0.2, 0, 0, 0], [0, 0, 0, 0.2], [0, 0, 0.2, 0]]",
                "{ file = 'x.csv', kind = 'citations' }",
            ),
            'key "clusters.spillovers.normalise" is missing',
        ),
        (
            (
                "[[0, 0.2, 0, 0], [0.2, 0, 0, 0], [0, 0, 0, 0.2], [0, 0, 0.2, 0]]",
                "{ file = 'x.csv', kind = 'input_output', normalise = 'row' }",
            ),
            'key "clusters.spillovers.teacher".*an input-output table does not say who teaches',
        ),
        (
            (
                "[[0, 0.2, 0, 0], [0.2, 0, 0, 0], [0, 0, 0, 0.2], [0, 0, 0.2, 0]]",
                "{ file = 'x.csv', kind = 'citations', normalise = 'row' }",
            ),
            'key "clusters.industries": spillovers come from a file: name the industries',
        ),
    ],
)
def test_bad_input_names_the_key(change, words):
    text = DESIGN.replace(*change)
    assert text != DESIGN
    with pytest.raises(StudyError, match=words):
        parse_study(text)


def test_figures_carry_the_names_of_industries():
    label = Names(4, ["engines", "ships", "cotton", "dyes"])
    figure = renamed(effects_of_opening(paper_economy(6)).plot(), label)
    assert figure.get_suptitle() == "Opening engines, ships, cotton and dyes to trade"
    ticks = [tick.get_text() for axis in figure.axes for tick in axis.get_yticklabels()]
    assert "engines → ships, cut" in ticks
    path = renamed(simulate(paper_economy(6)).value.plot(), label)
    assert [text.get_text() for text in path.legends[0].get_texts()] == ["engines", "ships", "cotton", "dyes"]
    plain = effects_of_opening(paper_economy(6)).plot()
    assert renamed(plain, Names(4)).get_suptitle() == plain.get_suptitle()


def test_industries_in_a_sentence():
    assert Names(5).listed([1, 2, 3, 4, 5]) == "all industries"
    assert Names(4).listed([1, 2, 3, 4]) == "industries 1, 2, 3 and 4"
    assert Names(4).listed([2]) == "industry 2"
    assert Names(4).listed([]) == "nothing"  # where everybody has left
    assert Names(2, ["wine", "cloth"]).listed([2]) == "cloth"


def test_learning_without_workers_and_migration_are_said(tmp_path):
    run(DESIGN + 'policy = "free_migration"\ninactive_learning = 0.25\n', tmp_path)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "an industry without workers learns a part of that, 0.25" in page
    assert "0.25 times that elsewhere" in page
    assert "before anybody moves to the other country" in page
