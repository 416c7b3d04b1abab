"""Grossman and Helpman (2015): every statement has a row and keeps its verdict, printed numbers come out, the page says so."""

from __future__ import annotations

import dataclasses
import json
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from tradewinds.compare import compare
from tradewinds.errors import DataError
from tradewinds.growth import Claim, mechanisms
from tradewinds.replications import PAPERS, read_targets, replicate
from tradewinds.replications.grossman_helpman import (
    claims,
    comparison,
    decomposition,
    failures,
    figures,
    numbers,
    page,
    run,
    tables,
)
from tradewinds.replications.grossman_helpman.survey import SECTIONS, STATEMENTS, section_of
from tradewinds.replications.grossman_helpman.words import WORDS
from tradewinds.replications.targets import folder_name, score
from tradewinds.report import read_scoreboard
from tradewinds.report.scoreboard import count_fitted

PAPER = "grossman-helpman"
PTW, SAMPSON = numbers.ADOPTION, numbers.SAMPSON


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """Run the replication once, through the command's own function; a few mechanisms stand in the comparison."""
    out = tmp_path_factory.mktemp(PAPER) / "replication"
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparison, "same_shock", lambda: compare(members=["acr", "sampson", "baldwin-robert-nicoud"]))
        found = replicate([PAPER], out, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, run.STEPS) for done in range(1, run.STEPS + 1)]
    return found


@pytest.fixture(scope="module")
def board(outcome):
    return read_scoreboard(outcome.folder / "scoreboard.csv").astype({"computed": float, "difference": float})


@pytest.fixture(scope="module")
def solved(outcome):
    """Claims with their numbers, as the folder has them."""
    return pd.read_csv(outcome.folder / PAPER / "claims.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def report(outcome):
    return (outcome.folder / PAPER / "report.html").read_text(encoding="utf-8")


def number(board, exhibit, row, column=None):
    found = board[(board["exhibit"] == exhibit) & (board["row"] == row)]
    found = found if column is None else found[found["column"] == column]
    (value,) = found["computed"]
    return value


def test_every_target_keeps_its_status_and_no_check_fails(outcome, board):
    assert outcome.failed_checks == ()
    pd.testing.assert_series_equal(board["status"], read_targets(PAPER)["status"], check_dtype=False)
    assert PAPERS[PAPER].split(".")[-2] == folder_name(PAPER) == "grossman_helpman"


def test_a_claim_is_reproduced_as_worded_if_and_only_if_it_holds(board, solved):
    verdicts = solved.drop_duplicates(["mechanism", "claim"]).set_index(["mechanism", "claim"])["verdict"]
    for (mechanism, claim), verdict in verdicts.items():
        rows = board[board["row"] == f"{claim.replace('-', ' ')} ({mechanism})"]
        status = dict(zip(rows["column"], rows["status"], strict=True))
        wanted = {claims.WORDED: "exact" if verdict == "holds" else "not reproduced"}
        wanted |= {claims.CONDITION: "exact"} if verdict == "holds only if" else {}
        assert status == wanted, claim
    failing = board[board["status"] == "not reproduced"]
    assert set(failing["column"]) == {claims.WORDED}
    assert failing["note"].str.contains("holds only if: |fails as worded: ").all()


def test_every_claim_of_the_survey_answers_a_statement_and_every_statement_is_answered_or_has_a_reason(solved):
    there = set(zip(solved["mechanism"], solved["claim"], strict=True))
    asked = {check for statement in STATEMENTS for check in statement.checks}
    assert asked <= there
    sections = solved["source"].map(section_of).isin(SECTIONS)
    of_survey = set(zip(solved["mechanism"][sections], solved["claim"][sections], strict=True))
    assert of_survey <= asked
    for statement in STATEMENTS:
        assert bool(statement.checks) != bool(statement.reason), statement.text
        assert statement.section in SECTIONS
    order = [list(SECTIONS).index(statement.section) for statement in STATEMENTS]
    assert order == sorted(order)


def test_every_claim_that_needs_a_condition_fails_somewhere_and_no_other_does(solved):
    needs = solved.loc[solved["verdict"] != "holds", ["mechanism", "claim"]].drop_duplicates()
    assert set(map(tuple, needs.to_numpy())) == set(failures.FAILURES)
    moved = run.find_failures()
    assert run._unfounded(moved) == []
    for found in moved.values():
        assert np.isfinite([found.before, found.after]).all()
    # by hand: buyers and rivals in equal proportion; balanced trade; the mass of firms free
    assert moved["variety-expansion", "larger-stage"].before == moved["variety-expansion", "larger-stage"].after
    gap = moved["feenstra", "gap-widens"]
    assert gap.before == pytest.approx(gap.after, rel=1e-12)
    assert moved["perla-tonetti-waugh", "labour-cost-slows-diffusion"].after > 0.014


def test_a_failure_that_is_none_is_reported():
    case = failures.FAILURES["variety-expansion", "larger-stage"]
    ideas = dataclasses.replace(case, change={"idea_flow": 0.5})
    assert run._unfounded({("a", "b"): ideas.solve("variety-expansion")}) == [
        "a, b: does not fail at one-sector, trade cost inf: idea flow from 0 to 0.5"
    ]
    assert run._unfounded({("a", "b"): dataclasses.replace(case, stated="stays").solve("variety-expansion")})


def test_a_claim_without_a_target_stops_the_replication():
    new = Claim("new", "Something new.", "Grossman and Helpman (2015), section IV", "holds")
    answered = [claims.Answered("sampson", mechanisms["sampson"], (new,))]
    with pytest.raises(DataError, match=r"new \(sampson\) / as worded was computed, but no target asks for it"):
        score(PAPER, read_targets(PAPER), claims.claim_numbers(answered))


def test_verdicts_as_numbers():
    made = [
        Claim("a-b", "A.", "Grossman and Helpman (2015), footnote 2", "holds"),
        Claim("c", "C.", "Sampson (2016), abstract", "holds only if", "d"),
        Claim("e", "E.", "this reduced form", "fails as worded", "f"),
    ]
    found = claims.claim_numbers([claims.Answered("m", mechanisms["sampson"], tuple(made))])
    assert {key: (each.value, each.note) for key, each in found.items()} == {
        ("Footnote 2", "a b (m)", "as worded"): (1.0, ""),
        ("Sampson (2016)", "c (m)", "as worded"): (0.0, "holds only if: d"),
        ("Sampson (2016)", "c (m)", "on condition"): (1.0, ""),
        ("Beyond the survey", "e (m)", "as worded"): (0.0, "fails as worded: f"),
    }
    assert section_of("Perla, Tonetti and Waugh (2021)") == "Perla, Tonetti and Waugh (2021)"
    assert section_of("Grossman and Helpman (2015), section IV, on idea flows") == "Section IV"


def test_perla_tonetti_and_waugh_as_published_and_corrected(board):
    """Notes on structural models, 1.2 and 1.3; the corrected gain with transition is close to the one between growth paths."""
    published, corrected = numbers.COLUMNS.values()
    after, welfare = "growth after, per cent a year", "welfare between balanced growth paths, per cent"
    assert number(board, PTW, after, published) == pytest.approx(1.0250822798545, abs=1e-9)
    assert number(board, PTW, welfare, published) == pytest.approx(11.18, abs=0.005)
    assert number(board, PTW, after, corrected) == pytest.approx(0.942483, abs=1e-6)
    assert number(board, PTW, welfare, corrected) == pytest.approx(6.932, abs=5e-4)
    moving = "welfare with transition, per cent"
    assert number(board, PTW, moving, corrected) == pytest.approx(6.956, abs=2e-3)
    assert number(board, PTW, moving, published) == pytest.approx(10.4075, abs=5e-4)
    slipped = "welfare with transition and the slip of the code, per cent"
    assert number(board, PTW, slipped) == pytest.approx(10.908, abs=2e-3)
    printed = board[(board["exhibit"] == PTW) & (board["column"] == published)]
    assert set(printed["status"][~printed["row"].isin([moving, slipped])]) == {"exact"}
    stored = board[board["exhibit"] == numbers.PATH]
    assert len(stored) == 12 and (abs(stored["difference"]) < 0.011).all()
    wrong = board[(board["column"] == corrected) & (board["status"] == "qualitative")]
    assert wrong["note"].str.contains("an error of the published equations").all() and len(wrong) == 5
    firms = board[board["exhibit"] == numbers.MOMENTS]
    assert firms["note"].str.startswith("fitted").all() and len(firms) == 10


def test_static_formula_by_hand():
    found = numbers.cut("published")
    before, after = found.cheaper.baseline.home_share, found.cheaper.counterfactual.home_share
    shape = found.cheaper.baseline.parameters.pareto_shape
    assert found.static[0] == pytest.approx(100 * np.log((before / after) ** (1 / shape)), rel=1e-12)
    assert found.static[1] == pytest.approx(-2.213, abs=5e-4) and found.loss == pytest.approx(-22.094, abs=5e-4)


def test_parts_at_the_margin_add_up_to_the_derivative_of_welfare(board):
    """The whole, from growth and its part, against differences of lifetime utility; consumption against the mechanism's."""
    model = mechanisms["perla-tonetti-waugh"]
    p = model.parameters("published")
    rows = board[board["exhibit"] == decomposition.MARGIN].set_index("row")["computed"]
    parts = rows[rows.index.str.endswith("per cent of the whole")]
    assert len(parts) == 5 and parts.sum() == pytest.approx(100, rel=1e-9)
    slope = rows["growth by the logarithm of the trade cost, per cent"] / 100 / p.trade_cost
    whole = slope / p.discount_rate**2 / (parts["growth, per cent of the whole"] / 100)
    h = 1e-3
    utility = [
        model.solve(p.replace(trade_cost=p.trade_cost + k * h), variant="published").value.welfare for k in (-1, 1)
    ]
    assert whole == pytest.approx((utility[1] - utility[0]) / (2 * h), rel=1e-5)
    point = model.solve(p, variant="published").value
    at = (p.trade_cost, point["varieties"], point["export_cutoff"], point.growth)
    assert decomposition.consumption(p, at) == pytest.approx(point.consumption, rel=1e-12)


def test_sampson_gains_and_their_parts(board):
    parts = numbers.opening().parts()
    assert parts["total"] == pytest.approx(3.593, abs=5e-4) == number(board, SAMPSON, "gain with growth, per cent")
    whole = (1 + parts["static"] / 100) * (1 + parts["dynamic"] / 100)
    assert 100 * (whole - 1) == pytest.approx(parts["total"], rel=1e-12)
    assert number(board, SAMPSON, "growth in autarky, per cent a year") == pytest.approx(1.4096, abs=1e-4)
    memory = board[(board["exhibit"] == SAMPSON) & (board["column"] == "from memory of the article")]
    assert len(memory) == 4 and set(memory["status"]) == {"data unavailable"}
    assert memory["note"].str.contains("not at hand").all()


def test_what_was_fitted_or_remembered_is_no_evidence(board, solved):
    """Moments that parameters were chosen for are counted where the score is told; statements from memory say so."""
    chosen = board[(board["exhibit"] == f"{PTW}, firms") | (board["row"] == "growth before, per cent a year")]
    assert count_fitted(board) == count_fitted(chosen) == len(chosen) == 12
    remembered = solved[solved["source"].str.contains("from memory")].drop_duplicates(["mechanism", "claim"])
    told = board[board["note"].str.contains("the statement is from memory") & (board["column"] == "as worded")]
    assert len(told) == len(remembered) > 0


def test_the_corrected_density_vanishes_at_the_threshold_and_is_one():
    found = mechanisms["perla-tonetti-waugh"].solve().value
    z = np.geomspace(1, 1e4, 200_001)
    for variant, first in (("corrected", 0.0), ("published", found.parameters.pareto_shape)):
        density = figures._density(variant, found.parameters, found.growth, z)
        assert density[0] == pytest.approx(first, abs=1e-12)
        assert np.trapezoid(density * z, np.log(z)) == pytest.approx(1, abs=1e-6)


def test_the_text_on_differences_says_what_is_computed(board, solved):
    text = " ".join(page.differences().split())
    published, corrected = numbers.COLUMNS.values()

    def of(row, column):
        return number(board, PTW, row, column)

    after, before = "growth after, per cent a year", "growth before, per cent a year"
    welfare, closed = "welfare between balanced growth paths, per cent", "autarky: welfare, per cent"
    first, last = of(before, published), of(after, published)
    assert f"growth from {first:.2f} to {last:.2f} per cent, welfare {of(welfare, published):.1f} per cent" in text
    assert f"growth goes from {of(before, corrected):.3f} to {of(after, corrected):.3f} per cent" in text
    whole = of("welfare with transition, per cent", corrected)
    slip = of("welfare with transition and the slip of the code, per cent", published)
    assert f"By the published equations it is {of('welfare with transition, per cent', published):.2f}." in text
    assert f"With that slip our path gives {slip:.2f}." in text
    assert f"rises by {of(welfare, corrected):.3f} per cent between balanced growth paths, by {whole:.2f} with" in text
    assert f"Autarky costs {-of(closed, corrected):.1f} per cent instead of {-of(closed, published):.1f}" in text
    margin = board[board["exhibit"] == decomposition.MARGIN].set_index("row")["computed"]
    through, less = (margin[f"{x}, per cent of the whole"] for x in ("growth", "growth by way of consumption"))
    assert f"works through growth: {through:.1f} per cent of what it is worth, less {-less:.1f} for" in text
    calm = numbers.cut("no-shocks").cheaper
    assert f"with {calm.welfare_steady_state:.3f} and {calm.welfare_transition:.3f} per cent" in text
    parts = numbers.opening().parts()
    assert (
        f"is {parts['total']:.3f} per cent: {parts['static']:.3f} static, and {parts['dynamic']:.3f} by growth" in text
    )
    grown = [number(board, SAMPSON, f"growth {where}, per cent a year") for where in ("in autarky", "with trade")]
    assert "from {:.3f} to {:.3f} per cent".format(*grown) in text

    def claim(mechanism, name, part):
        rows = solved[(solved["mechanism"] == mechanism) & (solved["claim"] == name)]
        return float(rows.set_index("number")["value"][part])

    slower = [
        claim("national-spillovers", "laggard-grows-slower", f"growth of consumption, {x}")
        for x in ("trade", "autarky")
    ]
    assert "{} against {} a year".format(*(f"{x:.4f}".lstrip("0") for x in slower)) in text
    adoption = "perla-tonetti-waugh"
    goods = [
        claim(adoption, "neutral-without-fixed-costs", f"growth, goods cost, {x} trade cost") for x in ("high", "low")
    ]
    assert "rises from {} to {} as".format(*(f"{x:.4f}".lstrip("0") for x in goods)) in text
    free = [
        claim(adoption, "labour-cost-slows-diffusion", f"growth, free entry, {x} trade cost") for x in ("high", "low")
    ]
    assert "from {} to {} over the same trade costs".format(*(f"{x:.4f}".lstrip("0") for x in free)) in text
    paid = {
        x: claim("feenstra", "profitability-of-the-slower-falls", x)
        for x in solved["number"]
        if "blueprint" in x and "profit" in x
    }
    assert "rises, from {} to {}".format(*(f"{x:.4f}".lstrip("0") for x in paid.values())) in text
    back = claim("feenstra", "profitability-of-the-slower-falls", "return at the pace of autarky, capital mobile")
    assert f"the return would be {100 * back:.2f} per cent, against 3." in text
    ratio = claim("sampson", "growth-triples-the-gains", "ratio, trade_cost 1")
    assert f"makes them {ratio:.1f} times as large" in text
    rich = claim(
        "buera-oberfield", "trade-is-the-vehicle", "the same of a rich country that opens to a large poor one, sellers"
    )
    assert f"ends with {rich:.2f}".replace("0.", ".") in text


def test_the_report_has_a_section_a_mechanism_with_all_that_belongs_there(report):
    for name, mechanism in mechanisms.items():
        head = report.index(f"{mechanism.title}</h2>")
        end = report.index("</h2>", head + len(mechanism.title) + 5)
        section = report[head:end]
        for wanted in (
            f"Claims: {name}",
            f"Standard calibration: {name}",
            "What data would discipline it",
            "<svg",
            "Equations: ",
        ):
            assert wanted in section, (name, wanted)
        needs = any(key[0] == name for key in failures.FAILURES)
        assert (f"Where claims fail: {name}" in section) == needs
    assert "Not answered here" in report and "multinational firms" in report
    assert "raises welfare by 6.9 instead of 11.2" in " ".join(report.split())
    assert list(WORDS) == list(mechanisms)


def test_symbols_and_values_of_the_calibration():
    table = tables.calibration_table(claims.Answered("partial-spillovers", mechanisms["partial-spillovers"], ()))
    shown = {row[0]: row[1:3] for row in table.cells()}
    assert str(shown["elasticity of substitution"][0]) == "σ" and shown["labour"][1] == "1, 2, 0.5"
    assert shown["spillovers"][1] == "1, 0.3, 0.1; 0.2, 1, 0.4; 0.1, 0.2, 1"
    assert tables._symbol("tau_cd / tau") == "τ_{cd} / τ" and tables._symbol("a-bar") == "ā"


def test_the_folder_holds_what_the_report_shows(outcome):
    folder = outcome.folder / PAPER
    drawn = {path.stem for path in (folder / "figures").iterdir()}
    assert drawn == {*mechanisms, "correction", "dynamic-selection", "comparison"}
    for path in (folder / "figures").iterdir():
        assert ET.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    results = pd.read_csv(folder / "results.csv")
    assert set(results["mechanism"]) == set(mechanisms) and set(results["regime"]) == {"baseline", "autarky"}
    assert list(results.columns[:3]) == ["variable", "value", "unit"]
    assert set(pd.read_csv(folder / "calibrations.csv")["mechanism"]) == set(mechanisms)
    for where in (folder, outcome.folder):
        used = json.loads((where / "provenance.json").read_text(encoding="utf-8"))["parameters"]
        found = {record["name"]: record for record in used}
        assert set(found) == {f"{name}.{p}" for name, mechanism in mechanisms.items() for p in mechanism.definitions}
        assert found["partial-spillovers.spillovers"]["value"][0] == [1, 0.3, 0.1]
        assert found["sampson.pareto_shape"]["source"]


def test_one_shock_through_several_mechanisms_is_part_of_the_report(outcome, report):
    assert "The same liberalisation through every mechanism</h2>" in report
    assert "falls from 89.37 to 85.56 per cent" in " ".join(report.split())
    told = pd.read_csv(outcome.folder / PAPER / "comparison.csv")
    gain = told[(told["variable"] == "welfare_transition") & (told["country"] == "home")].set_index("mechanism")[
        "value"
    ]
    assert gain["sampson"] > 3 * gain["acr"] > 0
    growth = told[(told["variable"] == "growth_change") & (told["country"] == "home")].set_index("variant")["value"]
    assert (
        growth["grossman-helpman"] < 0 < growth["lab-equipment"]
    )  # where spillovers stay, and where research takes goods
    assert (outcome.folder / PAPER / "comparison-parameters.csv").is_file()


@pytest.mark.slow
def test_every_mechanism_stands_in_the_comparison():
    found = comparison.same_shock()
    assert {line.name for line in found.solved} >= set(mechanisms)
    assert not found.failures
    signs = found.by_sign()
    assert all(signs[sign] for sign in (-1, 0, 1))
