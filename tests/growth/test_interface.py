"""What every mechanism must do, whichever it is: a new one is tested here by being in the registry."""

from __future__ import annotations

import inspect
import re

import numpy as np
import pytest

from tradewinds.citations import cite
from tradewinds.errors import InputError
from tradewinds.growth import VERDICTS, Facts, grade, mechanisms
from tradewinds.growth.figures import source_line
from tradewinds.growth.interface import TOLERANCE
from tradewinds.growth.results import LABELS

NAMES = list(mechanisms)
CASES = [(name, variant) for name in NAMES for variant in mechanisms[name].variants]


@pytest.fixture(scope="module", params=CASES, ids=" ".join)
def case(request):
    name, variant = request.param
    return mechanisms[name], variant


def test_the_registry_lists_what_is_there():
    assert "variety-expansion" in mechanisms
    assert len(mechanisms) == len(NAMES)
    with pytest.raises(InputError, match='Did you mean "variety-expansion"'):
        mechanisms["variety-expansio"]


@pytest.mark.parametrize("name", NAMES)
def test_a_mechanism_says_what_it_is(name):
    mechanism = mechanisms[name]
    assert mechanism.name == name
    assert cite(*mechanism.citation_keys)
    assert mechanism.provenance
    assert mechanism.discipline
    assert len(set(mechanism.variants)) == len(mechanism.variants)
    for key, definition in mechanism.definitions.items():
        assert definition.symbol, key
        assert definition.meaning, key
        assert definition.unit, key
        assert definition.source, key
        assert np.all(definition.inside(definition.default)), key


def test_it_solves_to_the_tolerance(case):
    mechanism, variant = case
    solution = mechanism.solve(variant=variant)
    assert solution.ok
    assert solution.residual.norm <= TOLERANCE
    point = solution.value
    assert 0 <= point.home_share <= 1
    assert np.isfinite(point.growth)
    assert point.consumption > 0
    assert point.exports
    assert point.summary().startswith(f"{mechanism.name} ({variant}), baseline")


def test_a_wrong_point_is_refused(case):
    """The residual is that of the equations, not of the formula that made the point."""
    mechanism, variant = case
    point = mechanism.solve(variant=variant).value
    name = "innovation" if "innovation" in point.values else "growth"
    wrong = {**point.values, name: np.asarray(point.values[name]) + 1e-3}
    moved = mechanism.residual(wrong, point.parameters, variant)
    assert max(np.max(np.abs(v)) for v in moved.values()) > 1e-6


def test_tidy_results_carry_the_labels(case):
    mechanism, variant = case
    frame = mechanism.solve(variant=variant).value.tidy()
    assert tuple(frame.columns[-3:]) == LABELS
    needed = {"growth", "home_share", "import_share", "consumption", "lifetime_utility"}
    assert needed <= set(frame["variable"])
    assert (frame["unit"] != "").all()
    shares = frame.set_index("variable")["value"]
    assert shares["home_share"] + shares["import_share"] == pytest.approx(1, abs=1e-12)


def test_doing_nothing_changes_nothing(case):
    mechanism, variant = case
    result = mechanism.counterfactual(mechanism.parameters(variant), {}, variant=variant)
    for gain in (result.static_gain, result.dynamic_gain, result.welfare_steady_state, result.welfare_transition):
        assert gain == pytest.approx(0, abs=1e-6)
    assert result.growth_change == 0


def test_the_two_gains_make_the_whole(case):
    mechanism, variant = case
    result = mechanism.counterfactual(variant=variant)
    assert result.counterfactual.home_share == pytest.approx(1)
    assert result.counterfactual.regime == "autarky"
    product = (1 + result.static_gain / 100) * (1 + result.dynamic_gain / 100)
    assert 100 * (product - 1) == pytest.approx(result.welfare_transition, abs=1e-9)
    assert result.why
    assert {"static_gain", "dynamic_gain", "welfare_steady_state", "welfare_transition"} <= set(
        result.tidy()["variable"]
    )
    assert result.plot().axes


def test_a_sweep_is_many_solves(case):
    mechanism, variant = case
    p = mechanism.parameters(variant)
    rates = p.discount_rate * np.array([0.9, 1.0, 1.1])
    swept = mechanism.sweep(p, variant=variant, discount_rate=rates)
    assert swept.admissible.any()
    for i, rate in enumerate(rates):
        if swept.admissible[i]:
            one = mechanism.solve(p.replace(discount_rate=rate), variant=variant).value
            for name, value in one.values.items():
                np.testing.assert_allclose(swept[name][i], value, rtol=1e-10, atol=1e-13)


def test_calibration_reproduces_the_facts(case):
    mechanism, variant = case
    facts = Facts()
    point = mechanism.solve(mechanism.calibrate(facts, variant=variant), variant=variant).value
    assert point.growth == pytest.approx(facts.growth, rel=1e-8)
    assert point.home("interest_rate") == pytest.approx(facts.interest_rate, rel=1e-8)


def test_the_calibration_is_a_table_with_sources(case):
    mechanism, variant = case
    frame = mechanism.calibration(variant)
    assert frame["parameter"].tolist() == list(mechanism.definitions)
    assert (frame["source"] != "").all()
    p = mechanism.parameters(variant)
    for name, value in zip(frame["parameter"], frame["value"], strict=True):
        np.testing.assert_array_equal(getattr(p, name), value)


@pytest.mark.parametrize("name", NAMES)
def test_claims_have_verdicts_and_numbers(name):
    claims = mechanisms[name].claims()
    assert len({claim.name for claim in claims}) == len(claims) > 0
    for claim in claims:
        assert claim.verdict in VERDICTS
        assert claim.numbers
        assert all(np.isfinite(list(claim.numbers.values())))
        assert claim.condition or claim.verdict == "holds"
        assert claim.verdict in claim.summary()


def test_the_figure_has_axes_units_and_source(case):
    mechanism, variant = case
    figure = mechanism.plot(variant=variant)
    assert figure.get_supxlabel().endswith(source_line(mechanism.citation_keys))
    for axis in figure.axes:
        assert axis.get_xlabel()
        assert axis.get_ylabel()
        assert axis.get_title(loc="left")


def test_bad_input_is_named(case):
    mechanism, variant = case
    with pytest.raises(InputError, match="discount_rate is -1"):
        mechanism.parameters(variant, discount_rate=-1)
    with pytest.raises(InputError, match="no parameter 'discuont_rate'"):
        mechanism.parameters(variant, discuont_rate=0.03)
    with pytest.raises(InputError, match="variant of"):
        mechanism.solve(variant="nonsense")
    with pytest.raises(InputError, match="two tastes"):
        p = mechanism.parameters(variant)
        mechanism.counterfactual(p, {"discount_rate": p.discount_rate * 1.01}, variant=variant)
    with pytest.raises(InputError, match="no variable"):
        mechanism.solve(variant=variant).value["nonsense"]
    with pytest.raises(InputError, match="takes"):
        mechanism.solve(object(), variant=variant)


def test_grades():
    common = {"name": "a", "text": "b", "source": "c"}
    assert grade(**common, within=[True]).verdict == "holds"
    assert grade(**common, within=[True], outside=[True, False], condition="x").verdict == "holds only if"
    assert grade(**common, within=[True, False]).verdict == "fails as worded"
    with pytest.raises(InputError, match="no case"):
        grade(**common, within=[])
    with pytest.raises(InputError, match="condition in words"):
        grade(**common, within=[True], outside=[False])


def test_equations_of_the_documentation_can_be_shown():
    """Pages draw their equations as MathML, which knows fewer commands than TeX."""
    mathml = pytest.importorskip("docutils.utils.math.latex2mathml")
    shown = 0
    for name in NAMES:
        text = inspect.getdoc(inspect.getmodule(type(mechanisms[name])))
        for formula in re.findall(r":math:`([^`]*)`", text):
            mathml.tex2mathml(formula)
            shown += 1
        for block in re.findall(r"\.\. math:: *((?:\n? +.*\n?|.+\n)+)", text):
            mathml.tex2mathml(block.strip(), as_block=True)
            shown += 1
    assert shown > 5 * len(NAMES)
