"""Words of a study of growth: what was asked, what came out, what a corner or a missing path means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.growth import mechanisms

if TYPE_CHECKING:
    from tradewinds.growth import Counterfactual, GrowthParameters
    from tradewinds.report.growth_runs import GrowthRun, Regime

__all__ = [
    "abstract",
    "change_words",
    "changes",
    "entries",
    "lines",
    "path_note",
    "per_cent",
    "said",
    "signed",
    "symbol",
    "verdicts",
]

#: Numbers of an array that are told one by one.
_FEW = 3

#: Variants that jump although others of their mechanism take time.
_JUMPS = ("fixed-mass-labour-cost", "fixed-mass-goods-cost")


def path_note(mechanism: str, variant: str) -> str:
    """Return why a comparison without a path has none; nothing where the economy jumps."""
    if not mechanisms[mechanism].has_transition or variant in _JUMPS:
        return ""
    return f"{mechanism} ({variant}) has no path at these parameters; balanced growth paths are compared"


def per_cent(value: float, digits: int = 4) -> str:
    """Return a fraction in per cent."""
    return _number(100 * value, digits)


def _rate(value: float) -> str:
    """Return a fraction in per cent, to three decimals at most."""
    return f"{100 * value:.3f}".rstrip("0").rstrip(".")


def _share(value: float) -> str:
    """Return a share in per cent, to one decimal."""
    return f"{100 * value:.1f}"


def signed(value: float, digits: int = 4) -> str:
    """Return a number with its sign; what is nothing but rounding is 0."""
    if np.isnan(value):
        return "–"
    if abs(value) < 5e-7:
        return "0"
    return f"{value:+.{digits}g}"


def _number(value: float, digits: int) -> str:
    if abs(value) < 5e-10:
        return "0"
    text = f"{value:.{digits}g}"
    return text if "e" not in text else f"{value:.{max(digits, 1)}e}"


def lines(text: str) -> str:
    """Return a line of a mechanism as a sentence."""
    return text[:1].upper() + text[1:].rstrip(".") + "."


def said(name: str) -> str:
    """Return a public name in words."""
    return name.replace("rnd", "R&D").replace("_", " ")


def changes(before: GrowthParameters, after: GrowthParameters) -> Mapping[str, tuple[Any, Any]]:
    """Return the parameters that differ between two regimes, with both values."""
    pairs = {name: (value, getattr(after, name)) for name, value in before.items().items()}
    return {name: (old, new) for name, (old, new) in pairs.items() if not np.array_equal(old, new)}


def entries(name: str, old: Any, new: Any) -> Iterator[tuple[str, float, float]]:
    """Yield name with place, counted from one, and both values of every number of an array that differs."""
    for place in zip(*np.nonzero(old != new), strict=True):
        yield f"{said(name)} [{', '.join(str(i + 1) for i in place)}]", float(old[place]), float(new[place])


def change_words(before: GrowthParameters, after: GrowthParameters) -> str:
    """Return what changes, in words."""
    told = []
    for name, (old, new) in changes(before, after).items():
        if name == "trade":
            told.append("trade opens" if new else "trade ends")
        elif name == "trade_cost" and np.isinf(new):
            told.append("trade in goods ends")
        elif np.ndim(old) == 0:
            told.append(f"{said(name)} {old:.4g} to {new:.4g}")
        elif np.shape(old) != np.shape(new) or np.sum(old != new) > _FEW:
            told.append(f"{said(name)} change")
        else:
            told += [f"{place} {was:.4g} to {is_now:.4g}" for place, was, is_now in entries(name, old, new)]
    return ", ".join(told) if told else "nothing changes"


def abstract(run: GrowthRun) -> str:
    """Return what came out, in a few sentences of Markdown."""
    if run.baseline is None:
        return ""
    told = []
    asked = run.asked
    if asked is None:
        told.append(
            f"**Consumption grows at {_rate(run.point.growth)} per cent a year**; home spends "
            f"{_share(run.point.home_share)} per cent on its own goods."
        )
    else:
        told += _told(asked, heading=asked.name == "counterfactual")
    if asked is not None and run.others:
        told.append(f"By variant: {verdicts([asked.result, *run.others])}")
    if run.point.corner and (asked is None or asked.point.corner != run.point.corner):
        told.append(f"The baseline is in a corner: {run.point.corner}.")
    closed = run.regime("autarky")
    if closed is not None and closed is not asked:
        told.append(_closed(closed))
    return " ".join(told)


def _told(regime: Regime, *, heading: bool) -> list[str]:
    """Return what a regime brings."""
    result = regime.result
    before, after = result.baseline, result.counterfactual
    change = change_words(before.parameters, after.parameters)
    what = f"{change[:1].upper()}{change[1:]}" if heading else "Closed to trade in goods"
    told = [f"**{what}: {_growth(result)} and {_welfare(regime)}.**"]
    told += _innovation(result)
    if abs(after.home_share - before.home_share) > 5e-5:
        told.append(
            f"The share of spending on home goods goes from {_share(before.home_share)} to {_share(after.home_share)} per cent."
        )
    if not regime.problem:
        told.append(
            f"If knowledge and research stayed as they are it would be {signed(result.static_gain)} per cent (the static gain); "
            f"what growth adds is {signed(result.dynamic_gain)} per cent (the dynamic gain)."
        )
    if result.path is not None and result.half_life > 0.5:
        told.append(f"Half of the way takes {_years(result.half_life)}.")
    told.append(f"Why: {lines(result.why)}")
    if after.corner:
        where = "Both regimes are" if after.corner == before.corner else "The new regime is"
        told.append(f"{where} in a corner: {after.corner}.")
    return told


def _growth(result: Counterfactual) -> str:
    old, new = result.baseline.growth, result.counterfactual.growth
    if abs(new - old) < 5e-8:
        return f"growth stays at {_rate(old)} per cent a year"
    moves = "rises" if new > old else "falls"
    return f"growth {moves} from {_rate(old)} to {_rate(new)} per cent a year"


def _innovation(result: Counterfactual) -> list[str]:
    """Return a sentence on innovation where it does not move with consumption."""
    old, new = result.baseline.home("innovation"), result.counterfactual.home("innovation")
    growth = result.growth_change
    apart = (new - old) * growth < 0 or (abs(new - old) > 1e-9) != (abs(growth) > 1e-9)
    if not apart:
        return []
    if abs(new - old) <= 1e-9:
        return [
            f"Innovation at home stays at {_rate(old)} per cent a year: what moves growth is learnt or invented elsewhere."
        ]
    moves = "rises" if new > old else "falls"
    return [
        f"Innovation at home {moves} from {_rate(old)} to {_rate(new)} per cent a year: it is not the growth of consumption."
    ]


def _welfare(regime: Regime) -> str:
    steady, whole = regime.result.welfare_steady_state, regime.result.welfare_transition
    gain = steady if regime.problem else whole
    where = ", between balanced growth paths," if regime.problem else ""
    if abs(gain) < 5e-7:
        return f"welfare{where} stays as it is"
    other = f" ({steady:+.4g} between balanced growth paths)" if abs(steady - whole) > 1e-3 * abs(whole) else ""
    return f"welfare{where} {'rises' if gain > 0 else 'falls'} by {abs(gain):.4g} per cent of consumption{other}"


def verdicts(results: Sequence[Counterfactual]) -> str:
    """Return in which variants growth rises, falls and stays."""
    told = []
    for words, sign in (("rises", 1), ("falls", -1), ("stays", 0)):
        names = [each.variant for each in results if np.sign(np.round(each.growth_change, 8)) == sign]
        if names:
            told.append(f"{words} in {' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))}")
    return f"growth {'; it '.join(told)}."


def _years(number: float) -> str:
    return f"{number:.0f} years" if number >= 9.5 else f"{number:.1f} years"


def _closed(regime: Regime) -> str:
    gain = regime.result.welfare_steady_state if regime.problem else regime.result.welfare_transition
    growth = _growth(regime.result)
    corner = f"; it ends in a corner: {regime.point.corner}" if regime.point.corner else ""
    if abs(gain) < 5e-7:
        return f"Closed to trade in goods, home would lose nothing; {growth}{corner}."
    word = "lose" if gain < 0 else "gain"
    return f"Closed to trade in goods, home would {word} {abs(gain):.4g} per cent of consumption; {growth}{corner}."


_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "psi": "ψ", "chi": "χ", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "omega": "ω",
    "Omega": "Ω", "varphi": "φ", "varsigma": "ς",
}  # fmt: skip


def symbol(text: str) -> str:
    """Return a symbol as reports set it: Greek as letters, indices in braces.

    Examples
    --------
    >>> symbol("tau_cd / tau"), symbol("varsigma_0"), symbol("a-bar")
    ('τ_{cd} / τ', 'ς_{0}', 'ā')
    """
    text = text.replace("a-bar", "ā")
    text = re.sub(r"[A-Za-z]+", lambda found: _GREEK.get(found.group(), found.group()), text)
    return re.sub(r"_(\w+)", r"_{\1}", text)
