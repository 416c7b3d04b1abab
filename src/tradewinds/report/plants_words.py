"""Words of a study of plants: what was found, what the data are, what methods mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from tradewinds.firms.measurement import METHODS

if TYPE_CHECKING:
    from tradewinds.report.plants import PlantsResult

__all__ = ["METHOD_NAMES", "abstract", "cautions", "data_words", "method_words"]

#: Methods as a sentence calls them.
METHOD_NAMES = {
    "melitz-polanec": "Melitz and Polanec",
    "foster-haltiwanger-krizan": "Foster, Haltiwanger and Krizan",
    "griliches-regev": "Griliches and Regev",
    "olley-pakes": "Olley and Pakes",
}
#: Smallest number that three decimals show.
_SEEN = 0.0005
#: Share of the plants of both neighbouring years below which a year is thin; of rows, above which many are left out.
_THIN, _MANY = 0.75, 0.1
_PARTS = {
    "within": "plants' own growth",
    "between": "reallocation",
    "cross": "the cross term",
    "entry": "entry",
    "exit": "exit",
}

#: Of the static decomposition, in which entrants and leavers are inside both.
_STATIC = {"within": "the mean of all plants", "between": "the covariance with size"}


def abstract(result: PlantsResult) -> str:
    """Return what was found, in a few sentences."""
    return " ".join(_sentences(result))


def data_words(result: PlantsResult) -> str:
    """Return what the panel is and which rules applied."""
    plants = int(result.static.years["plants"].sum())
    text = (
        f"{plants:,} plant-years, {result.years[0]} to {result.years[-1]}, in {result.source}. Productivity is the "
        f"{result.productivity}; plants count with their {result.weight}."
    )
    notes = [*result.notes, *result.decompositions[0].notes[len(_panel_notes(result)) :]]
    return "\n\n".join([text, *(f"- {note}" for note in notes)]).replace("\n\n- ", "\n- ").replace("\n- ", "\n\n- ", 1)


def _panel_notes(result: PlantsResult) -> tuple[str, ...]:
    return result.static.notes


def cautions(result: PlantsResult) -> Iterator[str]:
    """Yield what a reader must know before using a number."""
    plants = result.static.years["plants"]
    for before, year, after in zip(plants.index, plants.index[1:], plants.index[2:], strict=False):
        if plants[year] < _THIN * min(plants[before], plants[after]):
            yield (
                f"{year} has {plants[year]:,} plants, {before} has {plants[before]:,} and {after} has {plants[after]:,}: a survey "
                "that misses plants for a year looks like exit and entry; leave that year out, or see rules.reentry"
            )
    if len(result.functions) > 1:
        yield (
            "every industry has a production function of its own, so that productivity has no common unit between industries: "
            "trust what happens inside them, not what is between them or pooled"
        )
    active = result.counts["rows"] - result.counts["inactive"]
    if result.counts["missing"] > _MANY * active:
        share = 100 * result.counts["missing"] / active
        yield f"{share:.0f} per cent of the rows of operating plants lack a value and are left out: what is left may differ"
    if result.instrument is not None and result.instrument.weak:
        yield "the instrument is weak: the two-stage effect and its interval are not to be trusted, the Anderson-Rubin set is"


def method_words(result: PlantsResult) -> str:
    """Return what the components mean, method by method."""
    lines = [
        "What methods call within and between differs; so does the sign of entry, which depends on whom entrants are held against."
    ]
    for made in result.decompositions:
        method = METHODS[made.method]
        lines.append(f"- {method.title}. Within: {method.within}. Between: {method.between}.")
    return "\n".join([lines[0], "", *lines[1:]])


def _sentences(result: PlantsResult) -> Iterator[str]:
    lead = result.decompositions[0]
    verb = "rose" if lead.change >= 0 else "fell"
    told = f"**{verb} by {abs(lead.change):.3f} log points** ({signed(100 * np.expm1(lead.change), 1)} per cent)"
    told = "**stayed the same** to three digits" if abs(lead.change) < _SEEN else told
    yield f"From {lead.first} to {lead.last} aggregate productivity {told}."
    words = _PARTS | _STATIC if lead.method == "olley-pakes" else _PARTS
    parts = [f"{words[name]} {signed(value)}" for name, value in lead.components.items() if value]
    yield f"By {METHOD_NAMES[lead.method]}: {_list(parts)}."
    yield from _disagreement(result)
    yield from _exporters(result)
    yield from _selection(result)
    yield from _trade(result)


def _disagreement(result: PlantsResult) -> Iterator[str]:
    """Tell where methods differ on the sign of a component."""
    for name in ("entry", "between", "exit", "within"):
        values = {made.method: made.components[name] for made in result.decompositions if made.components[name]}
        if values and min(values.values()) < -_SEEN and max(values.values()) > _SEEN:
            low, high = min(values, key=values.__getitem__), max(values, key=values.__getitem__)
            told = " and ".join(f"{signed(values[end])} by {METHOD_NAMES[end]}" for end in (low, high))
            yield f"Methods disagree on the sign of {_PARTS[name]}: {told}."
            return


def _exporters(result: PlantsResult) -> Iterator[str]:
    for outcome, effects, made in result.premia:
        if outcome != "productivity":
            continue
        row = made["exporter, per cent"]
        whom = {
            "industry-year": "Exporters are {0} per cent more productive than other plants of their industry and year",
            "plant-and-industry-year": "A plant is {0} per cent more productive in the years in which it exports",
            "plant": "A plant is {0} per cent more productive in the years in which it exports",
            "year": "Exporters are {0} per cent more productive than other plants of their year",
            "none": "Exporters are {0} per cent more productive than other plants",
        }[effects]
        told = whom.format(f"{row['estimate']:.1f}")
        if row["estimate"] < 0:
            told = told.replace(f"{row['estimate']:.1f}", f"{-row['estimate']:.1f}").replace("more", "less")
        if made.details["controls"] != "none":
            told += f", given {made.details['controls']}"
        yield f"{told} (95 per cent: {plain(row['low'])} to {plain(row['high'])})."


def _selection(result: PlantsResult) -> Iterator[str]:
    if result.exit is not None and "productivity" in result.exit.estimates.index:
        row = result.exit["productivity"]
        sign = "lowers" if row["estimate"] < 0 else "raises"
        sure = "" if row["p_value"] < 0.05 else ", though zero is not excluded at 5 per cent"
        yield (
            f"A log point of productivity {sign} the probability of leaving by {100 * abs(row['estimate']):.1f} percentage points"
            f"{sure}."
        )
    if result.starting is not None:
        terms = [term for term in result.starting.estimates.index if str(term).endswith(": starts")]
        shares = [100 * result.starting[str(term)]["estimate"] for term in terms]
        if len(shares) > 1:
            yield (
                f"Of plants that never exported, {shares[0]:.0f} per cent of the least and {shares[-1]:.0f} per cent of the most "
                "productive group start to."
            )
    if result.instrument is not None:
        row, strong = result.instrument.effect["two-stage"], not result.instrument.weak
        belief = "the instrument is strong" if strong else "the instrument is weak: see the Anderson-Rubin set"
        yield (
            f"Exporting because of the instrument changes growth of productivity by {signed(row['estimate'])} "
            f"(95 per cent: {signed(row['low'])} to {signed(row['high'])}; {belief})."
        )


def _trade(result: PlantsResult) -> Iterator[str]:
    trade = result.trade
    if trade is None:
        return
    known = trade.table[trade.table["grubel_lloyd"].notna()]
    means = [
        float(np.average(part["grubel_lloyd"], weights=part["trade"]))
        for part in (known[known["level"] == level] for level in (trade.levels[0], trade.levels[-1]))
    ]
    first, last = (
        "with all products in one industry" if level == "total" else f"at {level}"
        for level in (trade.levels[0], trade.levels[-1])
    )
    yield (
        f"Of trade, {100 * means[0]:.0f} per cent is two-way {first} and {100 * means[1]:.0f} per cent {last}: the difference is "
        "aggregation."
    )


def signed(value: float, digits: int = 3) -> str:
    """Return a number with its sign, a true minus.

    Examples
    --------
    >>> signed(-0.1), signed(0.25, 1)
    ('−0.100', '+0.2')
    """
    return f"{value:+.{digits}f}".replace("-", "−")


def plain(value: float) -> str:
    """Return a number with one decimal and a true minus."""
    return f"{value:.1f}".replace("-", "−")


def _list(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
