"""What ``differences.md`` must say: every number in it that the replication computes, as it computes it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tradewinds.replications.bch import evidence, exhibits, unfitted
from tradewinds.replications.bch.printed import printed_tables, text_against_tables
from tradewinds.replications.bch.text import path_statements, turning_year
from tradewinds.replications.bch.variants import roughness


def phrases(simulated, results, board) -> dict[str, str]:
    """Return what must stand in the text, by a name."""
    return {
        **_distance_phrases(board),
        **_cell_phrases(board),
        **_path_phrases(simulated),
        **_unfitted_phrases(board, results),
        **_fit_phrases(simulated),
        **_aggregation_phrases(simulated),
        **_printed_phrases(),
    }


def _distance_phrases(board) -> dict[str, str]:
    found = exhibits.distances(board).set_index("table")
    cells, inside = found["cells"].sum(), found["inside"].sum()
    rmse = [f"{value:.2f}".lstrip("0") for value in found["rmse"]]
    late = [f"{row.late_inside} of {row.late_cells}" for row in found.itertuples()]
    signs = exhibits.early_signs(board).set_index("table")
    return {
        "inside": f"Of {cells} fitted cells {inside} are within their bands ({inside / cells:.0%})",
        "rmse": f"{rmse[0]} points in Table 1, {rmse[1]} and {rmse[2]} in the panels of Table 2, "
        f"{rmse[3]} in Table 3 and {rmse[4]} in Table 4",
        "late": f"{late[0]} in Table 1, {late[1]} and {late[2]} in Table 2, {late[3]} in Table 3, {late[4]} in Table 4",
        "signs": ", ".join(f"{row.same} of {row.printed} in {table}" for table, row in signs.iterrows()),
    }


def _cell_phrases(board) -> dict[str, str]:
    """Return "printed x, ours y" of cells that the text speaks of."""
    rows = board.set_index(["exhibit", "row", "column"])
    chosen = {
        "ni_japan": ("Table 2", "NI potential_output", "JA"),
        "ni_us_c": ("Table 2", "NI consumption", "US"),
        "all_k_2050": ("Table 3", "industrial capital", "2050"),
        "all_y": ("Table 3", "industrial potential_output", "2075"),
        "all_k": ("Table 3", "industrial capital", "2075"),
        "all_c_2000": ("Table 3", "industrial consumption", "2000"),
        "all_sf": ("Table 3", "industrial foreign_rnd_stock", "2075"),
        "wh_i": ("Table 4", "WH investment", "1996"),
        "wh_i_2000": ("Table 4", "WH investment", "2000"),
        "wh_m": ("Table 4", "WH manufactures_imports_gdp", "1996"),
        "af_i": ("Table 4", "AF investment", "1996"),
        "af_i_2000": ("Table 4", "AF investment", "2000"),
        "us_i": ("Table 1", "US investment", "1996"),
        "us_c_2000": ("Table 1", "US consumption", "2000"),
        "others_i": ("Table 1", "other_industrial investment", "2000"),
    }
    ends = rows.loc[[("Table 3", f"industrial {name}", "2075") for name in ("capital", "potential_output")]]
    printed, ours = (pd.to_numeric(ends[name]).to_numpy() for name in ("published", "computed"))
    ratios = _listed([printed[0] / printed[1], ours[0] / ours[1]]).split(", ")
    return {"k_over_y": f"{ratios[0]} of output in the paper, by {ratios[1]} in ours"} | {
        name: f"printed {rows.loc[key, 'published']}, ours {rows.loc[key, 'computed']:.1f}".replace("-", "−")
        for name, key in chosen.items()
    }


def _path_phrases(simulated) -> dict[str, str]:
    us = simulated.results["US"]
    held = path_statements(simulated)
    slow, fast = exhibits.growth_differences(us), exhibits.growth_differences(simulated.fast)
    turns = [turning_year(us, name, "US") for name in ("market_value", "investment")]
    rate = us.deviation("real_interest_rate", "US")[0]
    rates = simulated.results["industrial"].deviation("real_interest_rate", "industrial")
    rough = roughness(simulated.results["trade"])
    half = simulated.half.deviation("potential_output", "US")[-1] / us.deviation("potential_output", "US")[-1]
    return {
        "turns": f"the market value in {turns[0]} and investment in {turns[1]}",
        "rate": f"the US real rate is {-rate:.1f} points lower in 1996",
        "rates": f"{rates[34]:.2f} points above the baseline in 2030 and {rates[-1]:.2f} in 2075",
        "held": f"{sum(item.holds for item in held)} of {len(held)} statements",
        "growth": f"{slow[0]:.2f} points a year in the first ten years, {slow[-1]:.3f} in the last 25",
        "footnote": f"{fast[0]:.2f} points a year in the first ten years and {fast[-1]:.3f} after 2050".replace(
            "-", "−"
        ),
        "half": f"half of the shock gives {100 * half:.1f} per cent of the gain",
        "others": ", ".join(f"{v.before:.2f} to {v.after:.2f} in {v.variant.table}" for v in simulated.variants),
        "zigzag": f"from 2005 on no year is off the mean of those beside it by more than {rough:.2f} points of consumption",
    }


def _unfitted_phrases(board, results) -> dict[str, str]:
    found = unfitted.compare(board, results).set_index("table")
    far, like = (_listed(found[name]) for name in ("unfitted", "correlation"))
    ends = [
        results[name].deviation(variable, where)[-1]
        for name, variable, where in (
            ("US", "potential_output", "US"),
            ("US", "consumption", "US"),
            ("industrial", "potential_output", "industrial"),
            ("trade", "potential_output", "AF+WH+OD"),
        )
    ]
    return {
        "unfitted": f"{far} points in Tables 1 to 4",
        "unfitted_like": f"correlations of {like}",
        "unfitted_ends": "{:.1f}, {:.1f}, {:.1f} and {:.1f}".format(*ends),
    }


def _fit_phrases(simulated) -> dict[str, str]:
    rows = sorted(evidence.fitted_table(simulated.calibration).rows, key=lambda row: -abs(row[6]))
    far = [row for row in rows if abs(row[6]) > 2]
    named = [f"{row[0]} of {row[2]} ({row[3]:.3g}, prior {row[4]:.3g})" for row in rows[:6]]
    world = simulated.calibration
    owners, households = (world.arrays[f"rnd_cost_to_{who}"][0] for who in ("owners", "households"))
    return {
        "chi": f"owners of capital bear {owners:.2f} of additional research and households {households:.2f}",
        "free": f"{len(rows)} numbers are free",
        "far": f"{len(far)} of them end more than two spreads from their prior",
        "farthest": "; ".join(named),
    }


def _aggregation_phrases(simulated) -> dict[str, str]:
    found = exhibits.aggregation(simulated).set_index(["table", "region", "variable"])
    tfp, stock = (found.loc[("Table 3", "industrial", name)] for name in ("tfp_domestic_rnd", "domestic_rnd_stock"))
    cells = printed_tables()
    table_4 = cells[cells["table"] == "Table 4"].pivot(index=["variable", "year"], columns="region", values="published")
    weights, gap, equal = _weights(table_4.dropna(), ["AF", "WH", "OD"], "developing_except_NI")
    table_2 = cells[cells["table"] == "Table 2"].pivot(
        index=["variable", "scenario"], columns="region", values="published"
    )
    other, other_gap, other_equal = _weights(table_2, ["AF", "NI", "WH", "OD"], "developing")
    return {
        "tfp_means": f"{tfp['simple']:.2f} points when each country counts the same and {tfp['gdp']:.2f} by output",
        "stock_means": f"{stock['level']:.2f} points when stocks are added up, {stock['gdp']:.1f} by output and "
        f"{stock['simple']:.1f} when each counts the same",
        "weights_4": f"{_listed(weights)} for AF, WH and OD, with a largest gap of {gap:.2f}",
        "weights_2": f"{_listed(other)} for AF, NI, WH and OD, with a largest gap of {other_gap:.2f}",
        "equal": f"equal weights leave {equal:.1f} and {other_equal:.1f}",
    }


def _weights(frame: pd.DataFrame, parts: list[str], whole: str) -> tuple[np.ndarray, float, float]:
    last = frame[parts[-1]]
    free, *_ = np.linalg.lstsq(frame[parts[:-1]].sub(last, axis=0), frame[whole] - last, rcond=None)
    found = np.append(free, 1 - free.sum())
    return found, *(
        float(np.abs(frame[parts] @ w - frame[whole]).max()) for w in (found, np.full(len(parts), 1 / len(parts)))
    )


def _listed(numbers) -> str:
    return ", ".join(f"{number:.2f}".lstrip("0") for number in numbers)


def _printed_phrases() -> dict[str, str]:
    """Return what the printed tables say where the text says something else; ``test_printed`` checks which those are."""
    said = text_against_tables().query("not agrees").set_index(["page", "claim"])["tables"]
    return {
        f"printed_{page}_{number}": f"{value:.2f}".rstrip("0").rstrip(".")
        for number, ((page, _), value) in enumerate(said.items())
    }
