"""The comparison: workers, ranges, signs and what decides them, tidy results, bad input."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from tradewinds.compare import Comparison, Member, TradeShock, compare, find_members, turning_points
from tradewinds.compare.results import LABELS
from tradewinds.ensembles import Interval
from tradewinds.errors import InputError
from tradewinds.growth import Facts

NAMES = [
    "acr", "melitz-chaney", "variety-expansion", "baldwin-robert-nicoud", "sampson", "buera-oberfield",
    "perla-tonetti-waugh: fixed-mass-labour-cost", "perla-tonetti-waugh: fixed-mass-goods-cost",
]  # fmt: skip
SETTINGS = {
    "members": NAMES,
    "intervals": {"trade_elasticity": Interval(4, 6), "interest_rate": Interval(0.022, 0.04)},
    "parameter_intervals": {"buera-oberfield": {"diffusion": Interval(0.3, 0.8)}},
    "draws": 12,
    "seed": 3,
    "sweeps": "fast",
}


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare(**SETTINGS)


def test_results_do_not_depend_on_workers():
    few = {
        **SETTINGS,
        "members": ["acr", "sampson", "baldwin-robert-nicoud: coe-helpman", "buera-oberfield"],
        "draws": 5,
    }
    alone = compare(**few)
    with ThreadPoolExecutor(3) as pool:
        together = compare(**few, executor=pool)
    pd.testing.assert_frame_equal(together.tidy(), alone.tidy())
    pd.testing.assert_frame_equal(together.draws(), alone.draws())
    pd.testing.assert_frame_equal(together.turns(), alone.turns())


def test_tidy_has_every_number_once(found):
    frame = found.tidy()
    assert tuple(frame.columns) == ("variable", "value", "unit", *LABELS)
    assert not frame["value"].isna().any()
    assert not frame.duplicated(["variable", *LABELS]).any()
    points = frame[frame["statistic"] == "point"]
    gain = points.query("variable == 'static_gain' and mechanism == 'acr'")["value"].item()
    assert gain == pytest.approx(100 * ((0.8556 / 0.8937) ** -0.2 - 1))


def test_ranges_surround_their_median_and_follow_the_facts(found):
    for line in found.solved:
        for variable in ("static_gain", "welfare_transition"):
            low, middle, high = found.range(line, variable)
            assert low <= middle <= high
    acr = found["acr"]
    low, _, high = found.range(acr, "static_gain")
    ends = [100 * ((0.8556 / 0.8937) ** (-1 / e) - 1) for e in (6, 4)]
    assert ends[0] < low < acr.get("static_gain") < high < ends[1]


def test_failed_draws_are_counted_and_explained(found):
    frame = found.draws()
    sampson = frame[frame["mechanism"] == "sampson"]
    assert sampson["draws"].sum() == 12
    reason = sampson.loc[sampson["outcome"] != "solved"]
    assert (
        reason["draws"].item() > 0
    )  # the interest rate must exceed growth over the elasticity of substitution over time
    assert "interest rate must exceed growth" in reason["outcome"].item()
    assert set(frame.groupby(["mechanism", "variant"])["draws"].sum()) == {12}


def test_only_its_own_mechanism_draws_a_parameter(found):
    assert all("buera-oberfield.diffusion" in draw for draw in found.ensembles["buera-oberfield: sellers"].parameters)
    assert not any("buera-oberfield.diffusion" in draw for draw in found.ensembles["acr"].parameters)
    common = ("trade_elasticity", "interest_rate")
    acr, oberfield = (found.ensembles[label].parameters for label in ("acr", "buera-oberfield: sellers"))
    assert [[draw[name] for name in common] for draw in acr] == [[draw[name] for name in common] for draw in oberfield]


def test_signs_are_told_apart(found):
    signs = {sign: {line.label for line in lines} for sign, lines in found.by_sign().items()}
    assert "variety-expansion: one-sector" in signs[0]
    assert "buera-oberfield: sellers" in signs[0]
    assert "sampson: dynamic-selection" in signs[1]
    assert "baldwin-robert-nicoud: coe-helpman" in signs[-1]
    assert not any("acr" in labels for labels in signs.values())
    decided = found.decided_by_variant()
    assert decided["perla-tonetti-waugh"] == {1: ("fixed-mass-goods-cost",), -1: ("fixed-mass-labour-cost",)}
    assert set(decided) == {"perla-tonetti-waugh", "baldwin-robert-nicoud"}


def test_turning_points_are_those_that_theory_knows(found):
    """Baldwin and Robert-Nicoud: freer trade speeds growth up iff research gains more than a variety comes to cost."""
    nearest = found.turns().drop_duplicates(["variant", "parameter"])  # the nearest to the calibration come first
    turns = nearest.set_index(["variant", "parameter"])
    tail = 5.0  # the trade elasticity of the facts
    linked = turns.loc[("efficiency-linked", "efficiency_link")]
    assert linked["turns_at"] == pytest.approx(tail, rel=1e-6)
    assert (linked["growth_below"], linked["growth_above"]) == ("falls", "rises")
    engineering = found["baldwin-robert-nicoud: reverse-engineering"]
    used = {parameter.name: parameter.value for parameter in engineering.parameters}
    assert turns.loc[("reverse-engineering", "export_cost")]["turns_at"] == pytest.approx(used["entry_cost"], rel=1e-6)
    assert turns.loc[("reverse-engineering", "entry_cost")]["turns_at"] == pytest.approx(used["export_cost"], rel=1e-6)


def test_neutral_mechanisms_have_no_turning_point(found):
    for deciding in found.deciding:
        if deciding.member.name == "variety-expansion":
            assert deciding.sign == 0
            assert not deciding.turns
            assert deciding.solved > 50
            return
    pytest.fail("variety expansion was not swept")


def test_turning_points_do_not_move_with_the_size_of_the_shock():
    member = Member("baldwin-robert-nicoud", "efficiency-linked")
    for share in (0.7, 0.88):
        found = turning_points(member, Facts(), TradeShock(home_share=share), {})
        turn = next(turn for turn in found.turns if turn.parameter == "efficiency_link")
        assert turn.value == pytest.approx(5, rel=1e-6)
        assert not turn.corner


def test_a_turn_in_a_corner_is_told(found):
    turns = found.turns()
    cornered = turns[turns["corner"] != ""]
    assert (
        "every draw survives"
        in cornered.query("variant == 'efficiency-linked' and parameter == 'entry_cost'")["corner"].item()
    )


def test_a_model_that_cannot_have_the_facts_says_why():
    found = compare(facts=Facts(interest_rate=0.02), members=["acr", "sampson"])
    assert list(found.failures) == ["sampson: dynamic-selection"]
    assert "interest rate must exceed growth" in found.failures["sampson: dynamic-selection"]
    assert "not run" in found.summary()
    assert set(found.tidy()["mechanism"]) == {"acr"}
    assert "failure" in set(found.words()["about"])


def test_order_is_that_asked_for(found):
    wanted = [member.label for member in find_members(NAMES)]
    assert [line.label for line in found.lines] == wanted


def test_parameters_have_sources(found):
    frame = found.parameters()
    assert (frame["source"] != "").all()
    assert set(frame["mechanism"]) == {line.name for line in found.lines}


def test_figure_shows_every_line(found):
    figure = found.plot()
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert len(labels) == len(found.lines) + 4  # four headings
    assert "Growth falls" in labels
    assert any("Sampson" in label for label in labels)


@pytest.mark.slow
def test_beside_models_that_take_seconds():
    found = compare(members=["clusters", "world", "feenstra"])
    assert not found.failures
    assert (
        found["clusters: related-at-home"].get("growth_change")
        > 0
        > found["clusters: related-abroad"].get("growth_change")
    )
    assert found["clusters: related-abroad"].get("growth", "baseline") == pytest.approx(0.0079, rel=1e-6)
    assert found["world"].get("welfare_transition") > 0
    still = compare(TradeShock(home_share=0.8937), members=["clusters", "world", "feenstra"])
    for line in still.lines:
        assert abs(line.get("welfare_transition")) < 1e-7


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TradeShock(home_share=0.0), r"home_share after the shock is 0.0; it must lie in \(0, 1\]"),
        (lambda: TradeShock(home_share=np.nan), "home_share after the shock is nan"),
        (lambda: TradeShock(), "one of the two"),
        (lambda: TradeShock(home_share=0.9, trade_cost_cut=0.1), "one of the two"),
        (lambda: TradeShock(home_share=0.9, idea_flow=1.5), r"idea_flow is 1.5; it must lie in \[0, 1\]"),
        (lambda: TradeShock(trade_cost_cut=1.0), "trade_cost_cut is 1.0; it must be below 1"),
        (lambda: compare(facts=Facts(home_share=1.0)), "home_share before the shock is 1.0"),
        (lambda: compare(facts=Facts(home_share=0.05)), r"between 1 / countries = 0.1 and 1"),
        (lambda: compare(facts=Facts(growth=0.0)), "growth is 0.0; it must be above 0"),
        (lambda: compare(facts=Facts(interest_rate=0.005)), "the first must be the larger"),
        (lambda: compare(facts=Facts(countries=1)), "countries is 1"),
        (lambda: compare(facts=Facts(trade_elasticity=1.0)), "trade_elasticity is 1.0"),
        (lambda: compare(members=["samson"]), 'Did you mean "sampson"'),
        (lambda: compare(members=["perla-tonetti-waugh: no-shock"]), 'Did you mean "no-shocks"'),
        (lambda: compare(members=["quality-ladders: closed"]), "It knows no trade"),
        (lambda: compare(members=["acr", "acr"]), "acr is named twice"),
        (lambda: compare(members=[]), "no mechanism is named"),
        (lambda: compare(members=["acr"], sweeps="quick"), "sweeps is 'quick'"),
        (lambda: compare(members=["acr"], draws=5), "5 draws, and no interval"),
        (lambda: compare(members=["acr"], intervals={"grwth": Interval(0, 1)}), 'Did you mean "growth"'),
        (
            lambda: compare(members=["acr"], parameter_intervals={"sampson": {"fixed_cost": Interval(1, 2)}}),
            "there is no 'sampson' in the comparison",
        ),
        (
            lambda: compare(members=["sampson"], parameters={"sampson": {"fixd_cost": 1}}),
            "has no parameter 'fixd_cost'. Did you mean \"fixed_cost\"",
        ),
        (lambda: compare(members=["acr"], intervals={"growth": Interval(0.005, 0.01)}, draws=0.5), "draws is 0.5"),
        (lambda: compare(members=["acr"], coverage=1.5), r"coverage is 1.5; it must lie in \(0, 1\]"),
        (lambda: compare(members=["acr"])["arc"], 'Did you mean "acr"'),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_a_parameter_that_the_facts_decide_cannot_be_held():
    found = compare(members=["sampson"], parameters={"sampson": {"pareto_shape": 7.5}})
    assert "the facts decide it" in found.failures["sampson: dynamic-selection"]


def test_draws_outside_what_facts_may_be_fail_for_one_reason():
    found = compare(members=["acr"], intervals={"home_share": Interval(0.8, 1.05)}, draws=20)
    reasons = found.ensembles["acr"].reasons()
    assert len(reasons) == 1
    assert "home_share is #" in next(iter(reasons))
    assert sum(reasons.values()) == sum(draw["home_share"] > 1 for draw in found.ensembles["acr"].parameters)
