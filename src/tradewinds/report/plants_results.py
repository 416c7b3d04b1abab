"""Results of a study of plants in one tidy frame, and the tables beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from tradewinds.firms.measurement import AggregationBias, Decomposition, MarginalTrade, ProductivityDistributions
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    from tradewinds.report.plants import PlantsResult

__all__ = ["LABELS", "UNIT", "curves", "industries_table", "marginal_changes", "nothing", "plants_tidy", "trade_table"]

#: Labels of ``results.csv``.
LABELS = ("analysis", "method", "industry", "group", "first_year", "last_year", "term")
#: Productivity is a log throughout.
UNIT = "log points"

_SCOPES = {
    "pooled": "decomposition",
    "from industries": "decomposition from industries",
    "part of pooled": "decomposition by group",
    "industry": "decomposition inside industries",
}


def nothing() -> pd.DataFrame:
    """Return the results of a run that stopped before any."""
    return tidy_frame([], LABELS)


def plants_tidy(result: PlantsResult) -> pd.DataFrame:
    """Return one number a row."""
    frames = [_labelled(pd.DataFrame(rows)) for rows in [list(_counts(result))]]
    frames += [_static(result)]
    for number, made in enumerate(result.decompositions):
        frames.append(_decomposition(made, with_counts=number == 0))
    frames += [*_yearly(result), *_estimates(result)]
    return tidy_frame(pd.concat(frames, ignore_index=True), LABELS)


def curves(panels: Sequence[ProductivityDistributions]) -> pd.DataFrame:
    """Return distributions, one row a group and bin."""
    frames = [
        panel.shares.reset_index()
        .melt("productivity", var_name="group", value_name="share_of_weight")
        .assign(panel=letter)
        for panel, letter in zip(panels, "ABC", strict=False)
    ]
    frame = pd.concat(frames, ignore_index=True)[["panel", "group", "productivity", "share_of_weight"]]
    return frame.assign(productivity=frame["productivity"].round(10))


def industries_table(result: PlantsResult) -> pd.DataFrame:
    """Return every industry by every method, one row each."""
    frames = [
        made.industries.reset_index().assign(method=made.method, first_year=made.first, last_year=made.last)
        for made in result.decompositions
    ]
    frame = pd.concat(frames, ignore_index=True)
    leading = ["industry", "method", "first_year", "last_year"]
    return frame[[*leading, *(name for name in frame.columns if name not in leading)]]


def trade_table(trade: AggregationBias) -> pd.DataFrame:
    """Return the index by group and level."""
    return trade.table


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with every label, empty where it does not apply."""
    for name in LABELS:
        if name not in frame:
            frame[name] = pd.NA if name.endswith("_year") else ""
    return frame[["variable", "value", "unit", *LABELS]].astype({"first_year": "Int64", "last_year": "Int64"})


def _counts(result: PlantsResult) -> Iterator[dict[str, Any]]:
    for name, count in result.counts.items():
        yield {
            "variable": f"rows_{name}" if name != "rows" else "rows",
            "value": count,
            "unit": "rows",
            "analysis": "data",
        }


def _static(result: PlantsResult) -> pd.DataFrame:
    frame = result.static.tidy().rename(columns={"exporting": "group"})
    frame["unit"] = UNIT
    return _labelled(
        frame.assign(analysis="level", method="olley-pakes", first_year=frame["year"], last_year=frame["year"])
    )


def _decomposition(made: Decomposition, *, with_counts: bool) -> pd.DataFrame:
    frame = made.tidy().rename(columns={"first": "first_year", "last": "last_year"})
    both = (frame["status"] != "") & (frame["exporting"] != "")
    frame["group"] = frame["status"].where(~both, frame["status"] + ", " + frame["exporting"])
    frame = frame.assign(analysis=frame["scope"].map(_SCOPES), unit=UNIT)
    if not with_counts:
        return _labelled(frame)
    counts = pd.DataFrame(
        [{"variable": "plants", "value": count, "unit": "plants", "group": name} for name, count in made.counts.items()]
    )
    counts = counts.assign(analysis="decomposition", first_year=made.first, last_year=made.last)
    return pd.concat([_labelled(frame), _labelled(counts)], ignore_index=True)


def _yearly(result: PlantsResult) -> Iterator[pd.DataFrame]:
    if result.yearly is None:
        return
    frame = result.yearly.reset_index().rename(columns={"first": "first_year", "last": "last_year"})
    frame = frame[(frame["first_year"] != result.first) | (frame["last_year"] != result.last)]  # there already
    long = frame.melt(["first_year", "last_year"], var_name="variable", value_name="value")
    yield _labelled(long.assign(unit=UNIT, analysis="decomposition", method=result.decompositions[0].method))


def _estimates(result: PlantsResult) -> Iterator[pd.DataFrame]:
    """Yield the frames of everything that was asked for beside decompositions."""
    for panel in result.distribution:
        rows = panel.statistics.rename_axis("group").reset_index().melt("group", var_name="variable")
        units = {"plants": "plants", "below_median": "share of weight", "outside": "share of weight"}
        rows["unit"] = rows["variable"].map(units).fillna(UNIT)
        yield _labelled(rows.assign(analysis="distribution", method=f"median {panel.median}"))
    for outcome, effects, made in result.premia:
        yield _labelled(made.tidy().assign(analysis="exporter premium", method=effects, group=outcome))
    for industry, function in result.functions.items():
        frame = function.tidy().assign(analysis="production function", method=function.method, industry=industry)
        yield _labelled(frame)
    if result.exit is not None:
        yield _labelled(result.exit.tidy().assign(analysis="exit", method=result.exit.details["model"]))
    if result.starting is not None:
        yield _labelled(result.starting.tidy().assign(analysis="starting to export", method="probit"))
    if result.instrument is not None:
        yield _labelled(
            result.instrument.tidy().assign(analysis="effect of exporting", method="two-stage least squares")
        )
    parts: list[AggregationBias | MarginalTrade] = [*([] if result.trade is None else [result.trade]), *result.marginal]
    for part in parts:
        frame = part.tidy()
        if isinstance(part, MarginalTrade):  # industries are in a file of their own
            frame = frame[frame["industry"] == ""].assign(first_year=part.first, last_year=part.last)
        frame = frame.assign(group=_groups(frame, part.by), analysis="intra-industry trade", method=frame["level"])
        yield _labelled(frame)


def _groups(frame: pd.DataFrame, by: Sequence[str]) -> list[str]:
    """Return labels of groups in one text a row, such as ``year 1990, partner US``."""
    columns = [frame[name].astype("str") for name in by]
    return [", ".join(f"{n} {v}" for n, v in zip(by, row, strict=True)) for row in zip(*columns, strict=True)] or [
        ""
    ] * len(frame)


def marginal_changes(found: Sequence[MarginalTrade]) -> pd.DataFrame:
    """Return the change of trade of every industry, by period and level."""
    frames = [part.industries.assign(level=part.level, first_year=part.first, last_year=part.last) for part in found]
    return pd.concat(frames, ignore_index=True)
