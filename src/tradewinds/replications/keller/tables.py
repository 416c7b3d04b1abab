"""The paper's tables side by side with ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from tradewinds.data import keller_imports
from tradewinds.labels import KELLER_COUNTRIES, KELLER_INDUSTRIES
from tradewinds.replications.keller.ensemble import paper_label
from tradewinds.replications.keller.printed import SECTOR_OF_TABLE
from tradewinds.report import Column, Section, Table

__all__ = ["data_tables", "estimate_tables", "moment_tables"]

LABELS = tuple(map(paper_label, KELLER_COUNTRIES))

#: Our table -> (exhibit, title, models): each model is a head and the names of value, error and fit in ``targets.csv``.
_OBSERVED = ("estimate", "standard error", "R2")
_EXCHANGED = ("mean over draws", "s.d. over draws", "mean R2")
_TABLES: tuple[tuple[str, str, tuple[tuple[str, str, tuple[str, str, str]], ...]], ...] = (
    (
        "Table 1",
        "TFP levels; 1,056 observations",
        (("NIS (4.1)", "(4.1)", _OBSERVED), ("IS (4.2)", "(4.2)", _OBSERVED)),
    ),
    (
        "Table 2",
        "TFP levels without overall import share (NIS): observed shares, all eight exchanged, partners exchanged",
        (
            ("Observed (4.1)", "(4.1)", _OBSERVED),
            ("All (4.4)", "(4.4)", _EXCHANGED),
            ("Partners (4.7)", "(4.7)", _EXCHANGED),
        ),
    ),
    (
        "Table 2",
        "TFP levels with overall import share (IS): observed shares, all eight exchanged, partners exchanged",
        (
            ("Observed (4.2)", "(4.2)", _OBSERVED),
            ("All (4.5)", "(4.5)", _EXCHANGED),
            ("Partners (4.8)", "(4.8)", _EXCHANGED),
        ),
    ),
    (
        "Table 3",
        "TFP growth; 240 observations",
        (
            ("NIS (4.9)", "(4.9)", _OBSERVED),
            ("NIS, partners (4.11)", "(4.11)", _EXCHANGED),
            ("IS (4.10)", "(4.10)", _OBSERVED),
            ("IS, partners (4.12)", "(4.12)", _EXCHANGED),
        ),
    ),
    (
        "Table 4",
        "General spillover beside partners exchanged; 240 observations",
        (("General (5.1)", "(5.1)", _OBSERVED), ("Partners (4.12)", "(4.12)", _EXCHANGED)),
    ),
    (
        "Table 5",
        "General and trade-related spillovers; 240 observations",
        (
            ("General (5.1)", "(5.1)", ("estimate", "standard error", "adjusted R2")),
            ("Both (5.2): general", "(5.2) general", ("estimate", "standard error", "")),
            ("Both (5.2): trade", "(5.2) trade", ("estimate", "standard error", "")),
        ),
    ),
)

Numbers = Mapping[tuple[str, str, str], tuple[str, float]]


def _numbers(scoreboard: pd.DataFrame) -> Numbers:
    """Return exhibit, row, column -> (as printed, ours)."""
    rows = scoreboard[["exhibit", "row", "column", "published", "computed"]].itertuples(index=False, name=None)
    return {(exhibit, row, column): (printed, float(ours)) for exhibit, row, column, printed, ours in rows}


def _side_by_side(
    numbers: Numbers,
    exhibit: str,
    title: str,
    models: Sequence[tuple[str, str, tuple[str, str, str]]],
    stars: Mapping[tuple[str, str, str], str],
) -> Table:
    """Return a table with two columns a model: the paper's and ours; errors stand below in parentheses."""
    columns = [Column("R&D of")]
    for head, _, _ in models:
        columns += [Column(head, unit="paper"), Column(head, unit="stand-in")]
    rows: list[list[str]] = []
    for country in LABELS:
        values, errors = [country], [""]
        for _, equation, (value, error, _) in models:
            printed, ours = numbers[exhibit, country, f"{equation} {value}"]
            printed_error, our_error = numbers[exhibit, country, f"{equation} {error}"]
            digits = len(printed.partition(".")[2])
            values += [printed + stars.get((exhibit, equation, country), ""), f"{ours:.{digits}f}"]
            errors += [f"({printed_error})", f"({our_error:.{digits}f})"]
        rows += [values, errors]
    rows += _fit_rows(numbers, exhibit, models)
    note = "In parentheses: standard errors; for exchanged shares the spread over 1,000 draws, which is not a standard error."
    return Table(f"{exhibit}. {title}", columns, rows, note=note, source="Paper: Keller (1997). Stand-in: tradewinds.")


def _fit_rows(
    numbers: Numbers, exhibit: str, models: Sequence[tuple[str, str, tuple[str, str, str]]]
) -> list[list[str]]:
    """Return the last row: R2, its mean over draws, or adjusted R2 as the table prints it."""
    if exhibit == "Table 5":
        (general, ours), (both, our_both) = (
            numbers[exhibit, "adjusted R2", f"({equation}) adjusted R2"] for equation in ("5.1", "5.2")
        )
        return [["adjusted R²", general, f"{ours:.3f}", both, f"{our_both:.3f}", "", ""]]
    row = ["R²"]
    for _, equation, (_, _, fit) in models:
        printed, ours = numbers[exhibit, "R2", f"{equation} {fit}"]
        row += [printed, f"{ours:.3f}"]
    return [row]


def _stars() -> dict[tuple[str, str, str], str]:
    """Return the stars the paper prints, by exhibit, equation and country."""
    from tradewinds.data import load_frame

    part = {"general": " general", "trade": " trade"}
    return {
        (f"Table {row.table}", f"({row.equation}){part.get(str(row.weights), '')}", paper_label(str(row.term))): str(
            row.stars
        )
        for row in load_frame("keller1997-estimates").itertuples(index=False)
        if row.stars
    }


def estimate_tables(scoreboard: pd.DataFrame) -> list[Table]:
    """Return Tables 1 to 5, printed and on the stand-in."""
    numbers, stars = _numbers(scoreboard), _stars()
    return [_side_by_side(numbers, exhibit, title, models, stars) for exhibit, title, models in _TABLES]


def moment_tables(scoreboard: pd.DataFrame) -> list[Table]:
    """Return Tables A-7 and A-8 and the figures of footnotes 15 and 18."""
    numbers = _numbers(scoreboard)
    titles = {
        "Table A-7": ("R&D stocks (unit as printed: 1985 US dollars)", ",.1f"),
        "Table A-8": ("TFP growth, fractions a year, 1970–1991", ".4f"),
    }
    tables = []
    for exhibit, (title, digits) in titles.items():
        rows = []
        for label in (*LABELS, *KELLER_INDUSTRIES):
            mean, deviation = numbers[exhibit, label, "mean"], numbers[exhibit, label, "standard deviation"]
            name = KELLER_INDUSTRIES.get(label, label)
            rows.append((name, float(mean[0]), mean[1], float(deviation[0]), deviation[1]))
        columns = [
            Column("Country or industry"),
            Column("Mean", unit="paper", format=digits),
            Column("Mean ", unit="stand-in", format=digits),
            Column("Standard deviation", unit="paper", format=digits),
            Column("Standard deviation ", unit="stand-in", format=digits),
        ]
        tables.append(Table(f"{exhibit}. {title}", columns, rows))
    footnotes = [
        (f"{exhibit}: {row}", column, printed, f"{ours:.2f}")
        for (exhibit, row, column), (printed, ours) in numbers.items()
        if exhibit.startswith("Footnote")
    ]
    tables.append(Table("Footnotes 15 and 18", ["Where", "What", "Paper", "Stand-in"], footnotes))
    return tables


def data_tables(scoreboard: pd.DataFrame) -> list[Section]:
    """Return Tables A-1 to A-6 as matrices, and the depreciation rates: data, so ours are the paper's."""
    flows = keller_imports()
    sections = []
    for exhibit, sector in SECTOR_OF_TABLE.items():
        matrix = flows[:, :, tuple(KELLER_INDUSTRIES).index(sector)]
        share = matrix / matrix.sum(axis=0)
        heads = [Column("From \\ to"), *(Column(label, format=",.0f") for label in LABELS)]
        rows = [(label, *matrix[position]) for position, label in enumerate(LABELS)]
        shares = [(label, *share[position]) for position, label in enumerate(LABELS)]
        share_heads = [Column("From \\ to"), *(Column(label, format=".3f") for label in LABELS)]
        exact = scoreboard[scoreboard["exhibit"] == f"Table {exhibit}"]["status"].eq("exact").sum()
        note = f"{exact} of 56 numbers as printed. Inputs of ISIC {sector}, {KELLER_INDUSTRIES[sector].lower()}."
        sections.append(
            Section(
                f"Table {exhibit}",
                [
                    Table(
                        f"Table {exhibit}: imports of machinery, US dollars as printed",
                        heads,
                        rows,
                        note=note,
                        stand_in=False,
                    ),
                    Table(
                        f"Import shares from Table {exhibit}: each column sums to one",
                        share_heads,
                        shares,
                        stand_in=False,
                    ),
                ],
            )
        )
    rates = _numbers(scoreboard)
    rows = [(label, *rates["Appendix C", label, "depreciation, per cent"]) for label in LABELS]
    columns = [Column("Country"), Column("Paper", unit="per cent"), Column("Bundled", unit="per cent", format=".2f")]
    table = Table("Appendix C: depreciation of machinery in manufacturing, 1980", columns, rows, stand_in=False)
    return [*sections, Section("Depreciation rates", [table])]
