"""Tables of a comparison; a cell without a number says so, and a table beside says why."""

from __future__ import annotations

from tradewinds.compare import Comparison, Line
from tradewinds.compare.figure import grouped
from tradewinds.report.compare_words import title
from tradewinds.report.tables import Column, Table

__all__ = [
    "draws_table",
    "facts_table",
    "gains_table",
    "growth_table",
    "put_table",
    "reasons_table",
    "turns_table",
]

_NONE = "none"

_NAMES = {
    "growth": "growth before and after",
    "growth_change": "change of growth",
    "static_gain": "static gain",
    "dynamic_gain": "dynamic gain",
    "welfare_steady_state": "steady states alone",
    "half_life": "half life",
    "years_to_ninety": "years to 90 per cent",
    "home_share": "home share",
}


def _ordered(found: Comparison) -> list[Line]:
    return [line for _, lines in grouped(found) for line in lines]


def _cell(
    line: Line, variable: str, country: str = "home", regime: str = "counterfactual", scale: float = 1.0
) -> float | str:
    value = line.get(variable, regime, country)
    if value is None:
        return "not run" if line.failure else _NONE
    return scale * value + 0.0


def _range(found: Comparison, line: Line, variable: str, scale: float, digits: int) -> str:
    ends = found.range(line, variable)
    if ends is None:
        return "not run" if line.failure else "not drawn" if line.label not in found.ensembles else _NONE
    return f"[{scale * ends[0]:.{digits}f}, {scale * ends[2]:.{digits}f}]".replace("-", "−")


def gains_table(found: Comparison) -> Table:
    """Return static, dynamic and total gains, and how long they take."""
    heads: list[Column | str] = [
        "Model", Column("Static", "%", ".2f"), Column("Dynamic", "%", ".2f"), Column("Total", "%", ".2f"),
        *([Column("Range of total", "%")] if found.ensembles else []), Column("Steady states alone", "%", ".2f"),
        Column("Total abroad", "%", ".2f"), Column("Half of the way", "years", ".0f"), Column("90 % of the way", "years", ".0f"),
    ]  # fmt: skip
    rows = []
    for line in _ordered(found):
        drawn = [_range(found, line, "welfare_transition", 1, 2)] if found.ensembles else []
        rows.append(
            (
                title(line), _cell(line, "static_gain"), _cell(line, "dynamic_gain"), _cell(line, "welfare_transition"), *drawn,
                _cell(line, "welfare_steady_state"), _cell(line, "welfare_transition", "abroad"), _cell(line, "half_life"),
                _cell(line, "years_to_ninety"),
            )
        )  # fmt: skip
    return Table(
        "Gains, in per cent of consumption for ever",
        heads,
        rows,
        note="(1 + total) = (1 + static)(1 + dynamic). Total: with the path from the old economy to the new. Steady "
        "states alone compare "
        "two balanced growth paths and leave out the way between them. No years: the economy jumps. Half of the way: "
        "of the slowest variable; "
        "90 per cent: of consumption, to its new trend. Abroad is another country that is like home, or the partner "
        "that home opens to.",
    )


def growth_table(found: Comparison) -> Table:
    """Return growth before and after at home and abroad, and one line of why."""
    heads: list[Column | str] = [
        "Model", Column("Home, before", "% a year", ".3f"), Column("after", "% a year", ".3f"), Column("change", "points", ".3f"),
        *([Column("Range of change", "points")] if found.ensembles else []), Column("Abroad, before", "% a year", ".3f"),
        Column("after ", "% a year", ".3f"), "Why",
    ]  # fmt: skip
    rows = []
    for line in _ordered(found):
        drawn = [_range(found, line, "growth_change", 100, 3)] if found.ensembles else []
        rows.append(
            (
                title(line), _cell(line, "growth", regime="baseline", scale=100), _cell(line, "growth", scale=100),
                _cell(line, "growth_change", scale=100), *drawn, _cell(line, "growth", "abroad", "baseline", 100),
                _cell(line, "growth", "abroad", scale=100), line.why or line.failure,
            )
        )  # fmt: skip
    return Table("Growth of consumption a head", heads, rows)


def reasons_table(found: Comparison) -> Table | None:
    """Return why numbers are not there, or nothing if all are."""
    rows = []
    for line in _ordered(found):
        if line.failure:
            rows.append((title(line), "all", line.failure))
            continue
        reasons: dict[str, list[str]] = {}
        for variable, name in _NAMES.items():
            reason = line.reason(variable)
            if reason:
                reasons.setdefault(reason, []).append(name)
        rows += [(title(line), ", ".join(variables), reason) for reason, variables in reasons.items()]
    return Table("Why a number is not there", ["Model", "Number", "Reason"], rows) if rows else None


def put_table(found: Comparison) -> Table:
    """Return how the shock was put to each model, and what to know of its numbers."""
    rows = [
        (
            title(line), line.shock or "not run", _cell(line, "home_share", regime="baseline"), _cell(line, "home_share"),
            "; ".join(line.notes) or "nothing",
        )
        for line in _ordered(found)
    ]  # fmt: skip
    return Table(
        "How the shock was put",
        [
            "Model",
            "In its own terms",
            Column("Home share before", format=".4f"),
            Column("after", format=".4f"),
            "To know",
        ],
        rows,
        note="Models without a trade cost open from autarky to a partner of a size that makes the home share fall in "
        "the same proportion.",
    )


def facts_table(found: Comparison) -> Table:
    """Return the facts that models are calibrated to, with intervals where they are drawn."""
    units = {
        "growth": "a year", "home_share": "share of spending", "trade_elasticity": "1", "interest_rate": "a year",
        "countries": "of equal size",
    }  # fmt: skip
    rows = []
    for name, unit in units.items():
        box = found.intervals.get(name)
        drawn = f"[{box.low:g}, {box.high:g}]" if box is not None else "held"
        rows.append((name.replace("_", " "), f"{getattr(found.facts, name):g}", unit, drawn))
    return Table("Facts before the shock", ["Fact", Column("Value"), "Unit", Column("Interval")], rows)


def draws_table(found: Comparison) -> Table:
    """Return how many draws were solved, and why others were not."""
    rows: list[tuple[str | int, ...]] = []
    for line in _ordered(found):
        ensemble = found.ensembles.get(line.label)
        if ensemble is None:
            rows.append((title(line), "not drawn", "not drawn", _why_not(line)))
            continue
        failed = len(ensemble.failures)
        reasons = "; ".join(f"{count}: {reason}" for reason, count in ensemble.reasons().items())
        rows.append((title(line), len(ensemble.values) - failed, failed, reasons or "none failed"))
    heads: list[Column | str] = [
        "Model",
        Column("Solved", format="d"),
        Column("Failed", format="d"),
        "Why draws failed",
    ]
    return Table("Draws", heads, rows)


def _why_not(line: Line) -> str:
    return line.failure or "one run takes seconds; slow_ranges = true draws it too"


def turns_table(found: Comparison) -> Table | None:
    """Return where the effect on growth changes its sign, or nothing if it does nowhere."""
    verbs = {1: "rises", 0: "stays", -1: "falls"}
    rows = [
        (
            each.member.title, turn.parameter, turn.calibrated, turn.value, turn.country, verbs[turn.below],
            verbs[turn.above], turn.corner or "interior",
        )
        for each in found.deciding
        for turn in each.turns
    ]  # fmt: skip
    heads: list[Column | str] = [
        "Model", "Parameter", Column("Calibrated", format=".4g"), Column("Sign turns at", format=".4g"), "Growth of",
        "Below it", "Above it", "Beyond it",
    ]  # fmt: skip
    if not rows:
        return None
    return Table(
        "Parameters that decide the sign of the effect on growth",
        heads,
        rows,
        note="One parameter at a time, others as calibrated, up to a factor of four; nearest first.",
    )
