"""Tables of a study of plants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tradewinds.firms.measurement import COMPONENTS, AggregationBias, ExportingEffect, MarginalTrade, PlantEstimates
from tradewinds.report.plants_figures import exporting_parts
from tradewinds.report.plants_words import METHOD_NAMES
from tradewinds.report.tables import Column, Table

if TYPE_CHECKING:
    from tradewinds.report.plants import PlantsResult

__all__ = [
    "check_table",
    "component_table",
    "distribution_table",
    "effect_tables",
    "estimate_table",
    "exporting_table",
    "function_table",
    "industry_table",
    "marginal_table",
    "premia_table",
    "rule_table",
    "trade_levels",
    "year_table",
    "yearly_table",
]

#: Plants as they are counted -> in the plural.
_COUNTED = {
    "survivor": "survivors", "entrant": "entrants", "re-entrant": "back after an absence", "exiter": "that leave",
    "returns later": "that come back later", "switchers": "of the survivors in another industry",
    "left out, missing": "left out for a missing value", "left out, returning": "left out because they return",
}  # fmt: skip
#: Industries shown, the largest first; all are in a file.
_INDUSTRIES = 15
#: Years shown one by one.
_YEARS = 30
_LOGS = "log points"


def rule_table(result: PlantsResult) -> Table:
    """Return rows of the file by what became of them."""
    c, used = result.counts, int(result.static.years["plants"].sum())
    rows = [("Rows of the file", c["rows"]), ("Of inactive plants, as if not there", c["inactive"])]
    rows += [("Lacking a value, left out", c["missing"])]
    rows += [("among these, a value without a log", c["nonpositive"])] if c["nonpositive"] else []
    rows += [("Plant-years used", used)]
    return Table("Rows of the panel", [Column("Rows"), Column("Number", format=",.0f")], rows, source=result.source)


def year_table(result: PlantsResult) -> Table:
    """Return plants, exporters, and the static decomposition of each year."""
    years = result.static.years.iloc[:_YEARS]
    exporting = result.static.exporting
    heads: list[Column | str] = [Column("Year", format=".0f"), Column("Plants", format=",.0f")]
    known = len(exporting) > 0
    if known:
        heads += [Column("Exporters", "per cent of plants", ".1f"), Column("their weight", "per cent", ".1f")]
    heads += [Column(name.capitalize(), _LOGS, ".4f") for name in ("aggregate", "mean", "covariance")]
    own = exporting.xs("exporter", level="exporting")[["plants", "share"]] if known else years[[]]
    shares = 100 * own.reindex(years.index).fillna(0.0).to_numpy(dtype=float)
    shares[:, :1] /= years[["plants"]].to_numpy()
    levels = years[["aggregate", "mean", "covariance"]].to_numpy()
    rows = [
        (year, count, *share, *level)
        for year, count, share, level in zip(years.index, years["plants"], shares, levels, strict=True)
    ]
    note = f"Productivity is the {result.productivity}; the aggregate is weighted by {result.weight}. "
    note += "Aggregate = mean + covariance."
    if len(result.static.years) > _YEARS:
        note += f" The first {_YEARS} years; all are in results.csv."
    return Table("Plants and their productivity", heads, rows, note=note, source=result.source)


def yearly_table(result: PlantsResult) -> Table:
    """Return components of each pair of consecutive years."""
    assert result.yearly is not None
    names = [name for name in COMPONENTS if (result.yearly[name] != 0).any()]
    table = result.yearly.reset_index()
    rows = [
        (f"{row['first']:.0f}–{row['last']:.0f}", *(row[name] for name in [*names, "change"]))
        for _, row in table.iterrows()
    ]
    heads: list[Column | str] = ["Years", *(Column(name.capitalize(), _LOGS, ".4f") for name in [*names, "change"])]
    title = f"From each year to the next: {METHOD_NAMES[result.decompositions[0].method]}"
    return Table(title, heads, rows[:_YEARS], note="Changes add up over years; components do not.")


def component_table(result: PlantsResult) -> Table:
    """Return components by method."""
    rows: list[tuple[object, ...]] = []
    for made in result.decompositions:
        upper = made.from_industries
        between = upper["between_industries"] + upper["without_survivors"]
        own = _components_of(made.method)
        whole = (made.components[name] if name in own else None for name in COMPONENTS)
        inside = (upper[name] if name in own else None for name in COMPONENTS)
        rows.append((METHOD_NAMES[made.method], "all plants", *whole, None, made.change))
        rows.append(("", "inside industries", *inside, between, made.change))
    heads: list[Column | str] = ["Method", "Of", *(Column(name.capitalize(), format=".4f") for name in COMPONENTS)]
    heads += [Column("Between industries", format=".4f"), Column("Change", format=".4f")]
    counts = result.decompositions[0].counts
    told = ", ".join(f"{count:,} {_COUNTED[name]}" for name, count in counts.items() if count)
    note = f"Log points; each row adds up exactly. Plants: {told}."
    lost = max(int(made.industries[list(COMPONENTS)].isna().any(axis=1).sum()) for made in result.decompositions)
    if lost:
        note += f" Up to {lost} industries, by method, cannot be split; their change is under between industries."
    title = f"The change of productivity, {result.first} to {result.last}"
    return Table(title, heads, rows, note=note, source=result.source)


def _components_of(method: str) -> tuple[str, ...]:
    """Return the components that a method has."""
    return {
        "olley-pakes": COMPONENTS[:2],
        "foster-haltiwanger-krizan": COMPONENTS,
    }.get(method, tuple(name for name in COMPONENTS if name != "cross"))


def exporting_table(result: PlantsResult) -> Table:
    """Return parts of exporters and others in each component, by the first method."""
    parts, made = exporting_parts(result), result.decompositions[0]
    plants = made.contributions.groupby(level="exporting")["plants"].sum()
    rows = [(name, plants[name], *parts[name], float(parts[name].sum())) for name in parts.columns]
    rows.append(("all", int(plants.sum()), *parts.sum(axis=1), made.change))
    heads: list[Column | str] = ["Plants", Column("Number", format=",.0f")]
    heads += [Column(str(name).capitalize(), _LOGS, ".4f") for name in [*parts.index, "together"]]
    note = "A plant that is there in one of the two years has its export status of that year."
    return Table(f"Parts of exporters and others: {METHOD_NAMES[made.method]}", heads, rows, note=note)


def industry_table(result: PlantsResult) -> Table:
    """Return the largest industries, by the first method."""
    made = result.decompositions[0]
    share = made.industries[["share_first", "share_last"]].mean(axis=1)
    shown = made.industries.loc[share.sort_values(ascending=False, kind="stable").index[:_INDUSTRIES]]
    names = [name for name in COMPONENTS if (made.industries[name].fillna(0) != 0).any()]
    rows = [
        (
            name,
            row["plants"],
            100 * row["share_first"],
            100 * row["share_last"],
            *(row[n] for n in names),
            row["change"],
        )
        for name, row in shown.iterrows()
    ]
    heads: list[Column | str] = ["Industry", Column("Plants", format=",.0f")]
    heads += [Column(f"Weight {year}", "per cent", ".1f") for year in (made.first, made.last)]
    heads += [Column(name.capitalize(), _LOGS, ".3f") for name in [*names, "change"]]
    count = len(made.industries)
    note = "Shares sum to one inside each industry. "
    note += (
        f"The {_INDUSTRIES} largest of {count} industries; all, by every method, are in industries.csv."
        if count > _INDUSTRIES
        else ""
    )
    return Table(f"Industry by industry: {METHOD_NAMES[made.method]}", heads, rows, note=note)


def distribution_table(result: PlantsResult) -> Table:
    """Return statistics of the distributions."""
    rows = [
        (
            f"{letter}. {group}",
            row["plants"],
            row["mean"],
            row["p10"],
            row["p50"],
            row["p90"],
            100 * row["below_median"],
        )
        for panel, letter in zip(result.distribution, "ABC", strict=False)
        for group, row in panel.statistics.iterrows()
    ]
    heads: list[Column | str] = ["Plants", Column("Number", format=",.0f"), *(
        Column(name, _LOGS, ".3f") for name in ("Mean", "10th", "50th", "90th percentile"))]  # fmt: skip
    heads += [Column("Below the median", "per cent of weight", ".1f")]
    return Table("Log productivity less the industry's median, weighted", heads, rows, source=result.source)


def premia_table(result: PlantsResult) -> Table:
    """Return exporters' premia, a row an outcome and a comparison."""
    rows = []
    for outcome, effects, made in result.premia:
        b, percent = made["exporter"], made["exporter, per cent"]
        controls = made.details["controls"]
        words = made.details["compares"] + ("" if controls == "none" else f"; given {controls}")
        rows.append(
            (outcome.replace("_", " "), words, b["estimate"], b["std_error"], percent["estimate"], percent["low"], percent["high"],
             made.sample["observations"], made.sample["plants"])
        )  # fmt: skip
        assert effects
    heads: list[Column | str] = [
        "Outcome",
        "Compares",
        Column("Premium", _LOGS, ".4f"),
        Column("Std. error", _LOGS, ".4f"),
    ]
    heads += [Column("Premium", "per cent", ".1f"), Column("Low", "per cent", ".1f"), Column("High", "per cent", ".1f")]
    heads += [Column("Plant-years", format=",.0f"), Column("Plants", format=",.0f")]
    note = "Errors clustered by plant; low and high are ends of the 95 per cent interval. Per cent is 100 (exp b − 1)."
    return Table("Exporters' premia", heads, rows, note=note, source=result.source)


def estimate_table(made: PlantEstimates) -> Table:
    """Return one regression."""
    rows = [
        (str(term), row["estimate"], row["std_error"], _p_value(row["p_value"]), row["unit"])
        for term, row in made.estimates.iterrows()
    ]
    heads: list[Column | str] = ["Term", Column("Estimate", format=".4f"), Column("Std. error", format=".4f")]
    heads += [Column("p", format=".3f"), "Unit"]
    details = "; ".join(f"{name}: {value}" for name, value in made.details.items() if value != "none")
    sample = ", ".join(f"{name} {count:,}" for name, count in made.sample.items() if count)
    return Table(made.title, heads, rows, note=f"{details}. {sample[:1].upper()}{sample[1:]}.")


def effect_tables(made: ExportingEffect) -> Iterator[Table]:
    """Yield the instrumented effect with what tells whether to believe it, and the first stage."""
    yield estimate_table(made.effect)
    f = made.effective_f
    sets = (
        " and ".join(f"[{_end(low)}, {_end(high)}]" for low, high in made.anderson_rubin)
        or "empty: instruments disagree"
    )
    rows: list[tuple[str, str]] = [
        ("Effective F", f"{f.value:.2f}"),
        ("Critical value, bias of 10 per cent of the worst case", f"{f.critical[0.1]:.2f}"),
        ("The instruments are", "weak by this measure: use the set below" if made.weak else "strong by this measure"),
        ("Anderson-Rubin 95 per cent set", sets),
    ]
    if np.isfinite(made.overidentification):
        rows.append(("Instruments agree, p", f"{made.overidentification:.3f}"))
    note = "The two-stage effect is that on plants that export because of the instrument, not the mean over plants."
    yield Table("Can the instrument be believed?", ["Diagnostic", "Value"], rows, note=note)
    yield estimate_table(made.first_stage)


def function_table(result: PlantsResult) -> Table:
    """Return elasticities, a row an industry and input."""
    rows = []
    for industry, function in result.functions.items():
        for term, row in function.estimates.estimates.iterrows():
            sample = function.estimates.sample
            rows.append(
                (industry, str(term), row["estimate"], row["std_error"], sample["observations"], sample["plants"])
            )
    one = next(iter(result.functions.values())).estimates
    heads: list[Column | str] = [
        "Industry",
        "Input",
        Column("Elasticity", format=".4f"),
        Column("Std. error", format=".4f"),
    ]
    heads += [Column("Plant-years", format=",.0f"), Column("Plants", format=",.0f")]
    roots = [name for name, function in result.functions.items() if len(function.roots) > 1]
    note = f"Standard errors: {one.details['standard errors']}."
    note += f" Several solutions were found for {', '.join(roots)}; the first is reported." if roots else ""
    return Table(one.title, heads, rows, note=note)


def trade_levels(trade: AggregationBias) -> Table:
    """Return the index at each level, averaged over groups by trade."""
    rows = []
    for level in trade.levels:
        part = trade.table[(trade.table["level"] == level) & trade.table["grubel_lloyd"].notna()]
        means = [float(np.average(part[name], weights=part["trade"])) for name in ("grubel_lloyd", "bias")]
        rows.append((level, *means, len(part)))
    heads: list[Column | str] = ["Industries", Column("Grubel-Lloyd", "share of trade", ".4f")]
    heads += [Column("Aggregation adds", "share of trade", ".4f"), Column("Groups", format=",.0f")]
    note = "Groups weighted by trade. What aggregation adds is trade whose surpluses and deficits cancel inside wider industries."
    return Table(
        "Trade within industries, by their width", heads, rows, note=" ".join([note, *trade.notes]), stand_in=False
    )


def marginal_table(found: Sequence[MarginalTrade]) -> Table:
    """Return how much of the change of trade was two-way, averaged over groups by size of change."""
    rows = []
    for made in found:
        known = made.index[made.index["a"].notna()]
        mean = float(np.average(known["a"], weights=known["change"])) if len(known) else float("nan")
        rows.append((f"{made.first}–{made.last}", made.level, mean, len(made.index)))
    heads: list[Column | str] = ["Years", "Industries", Column("Matched", "share of change", ".4f")]
    note = (
        "Brülhart's A: one where exports and imports of an industry changed alike. Groups weighted by size of change."
    )
    title = "Was the change of trade two-way?"
    return Table(title, [*heads, Column("Groups", format=",.0f")], rows, note=note, stand_in=False)


def check_table(result: PlantsResult) -> Table:
    """Return how far each sum is from what it must be."""
    rows = [(f"{METHOD_NAMES[made.method]}: parts add up", made.residual) for made in result.decompositions]
    rows.append(("Olley and Pakes, every year: mean + covariance = aggregate", result.static.residual))
    rows += [
        (f"Production function, {name}: moments at the estimate", function.residual)
        for name, function in result.functions.items()
    ]
    return Table("Do the numbers add up?", ["Check", Column("Largest gap", format=".1e")], rows)


def _p_value(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}" if np.isfinite(value) else "–"


def _end(value: float) -> str:
    return f"{value:.4g}" if np.isfinite(value) else ("∞" if value > 0 else "−∞")
