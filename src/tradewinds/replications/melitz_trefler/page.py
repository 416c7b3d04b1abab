"""The report on Melitz and Trefler (2012): the model, its figures, claims, stand-ins, the account, differences."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from tradewinds.firms.measurement import ProductivityAccount
from tradewinds.replications.melitz_trefler.stand_ins import StandIns
from tradewinds.report import Column, Equation, Figure, ParameterRecord, Report, Section, Table
from tradewinds.report.scoreboard import count_statuses

__all__ = ["KEYS", "STAND_IN", "TITLE", "abstract", "build_report", "differences"]

TITLE = "Melitz and Trefler (2012): Gains from Trade when Firms Matter"
KEYS = ("melitz-trefler2012", "melitz-ottaviano2008", "lileeva-trefler2010", "trefler2004", "krugman1980")
STAND_IN = (
    "Figure 1, Figure 5 and Table 1 rest on data that are not public: made-up trade and firms of the solved model stand in for "
    "them. Everything else is the paper's own model and its own numbers."
)
_SOURCE = "Paper: Melitz and Trefler (2012). Ours: tradewinds."


def differences() -> str:
    """Return the list of what keeps the paper's statements and ours apart, in Markdown."""
    return importlib.resources.files(__package__).joinpath("differences.md").read_text(encoding="utf-8")


def abstract(board: pd.DataFrame) -> str:
    """Return what is asked and what came out, in a few sentences."""
    counts = count_statuses(board)
    return (
        "Trade between similar countries brings variety, moves market shares to better firms, and makes innovation pay. The paper "
        f"says so in words and sketches; here its {len(board)} statements and numbers are put to the solved model. "
        f"{counts['exact']} come out as stated, {counts['not reproduced']} do not, each with the reason: among them the demand "
        f"of footnote 1 as printed, whose sign contradicts its own next sentence. {counts['data unavailable']} rest on data that "
        "are not to be had."
    )


def build_report(
    board: pd.DataFrame,
    drawn: Mapping[str, Figure],
    account: ProductivityAccount,
    made: StandIns,
    parameters: Sequence[ParameterRecord],
    failed: Sequence[str],
) -> Report:
    """Return the report of the replication.

    Parameters
    ----------
    board : DataFrame
    drawn : mapping
        Figures by name.
    account : ProductivityAccount
    made : StandIns
    parameters, failed
        What goes into the report as it is.
    """
    model = [drawn[name] for name in ("figure-2", "figure-3", "figure-4a", "figure-4b", "selection")]
    return Report(
        title=TITLE,
        subtitle="Every statement, asked of the solved model",
        abstract=abstract(board),
        stand_in=STAND_IN,
        failed_checks=failed,
        sections=[
            _model(),
            Section("Figures 2 to 4", model),
            Section("Table 2", [account_table(account), drawn["table-2"]]),
            Section("What the text says", list(statement_tables(board))),
            Section("In the place of data", [_words_on_stand_ins(), drawn["figure-1"], drawn["figure-5"]]),
            Section("Plants whose truth is known", [_words_on_recovery(), recovery_table(made), drawn["recovery"]]),
            Section("Differences and their reasons", differences()),
        ],
        parameters=parameters,
        citation_keys=(*KEYS, *(key for key in made.recovered.citation_keys if key not in KEYS)),
        numbered=False,
    )


def _model() -> Section:
    return Section(
        "What the paper asks",
        [
            "Firms pay to develop a product, draw a marginal cost, and face the same demand. Each compares its price with that of "
            "others; S is what the industry sells, n the number of sellers:",
            Equation("Q = S [1/n − b (p − p̄)]", "footnote 1, sign corrected"),
            "So a seller of cost c in a market where nobody buys above c^{\\*} has",
            Equation("p = (c^{*} + c)/2,   q = S b (c^{*} − c)/2,   π = S b (c^{*} − c)^{2}/4"),
            "and firms enter until expected profit pays for entry. With two identical countries and a trade cost t per unit:",
            Equation("c^{*3} + (c^{*} − t)^{3} = 12 f c_{max}/(S b)"),
            "Below c^{\\*} firms survive, below c^{\\*} − t they export. The paper draws none of its curves to scale; these are.",
        ],
    )


def account_table(account: ProductivityAccount) -> Table:
    """Return Table 2, line by line, with what is and is not in the text."""
    rows: list[tuple[str, float, str, str]] = [(c.name, c.value, c.status, c.derivation) for c in account.channels]
    rows += [(f"{kind}, together", value, "", "") for kind, value in account.subtotals().items()]
    rows.append(("total", account.total, "in the text", ""))
    heads: list[Column | str] = [
        "Channel",
        Column("Productivity", "per cent", ".1f"),
        "Where it stands",
        "How it is found",
    ]
    return Table(
        "Table 2. Effects of the Canada–U.S. Free Trade Agreement", heads, rows, source=_SOURCE, stand_in=False
    )


def statement_tables(board: pd.DataFrame) -> Iterator[Table]:
    """Yield the scoreboard, a table an exhibit."""
    note = "1: holds, 0: does not; in economies drawn at random, the share in which it holds."
    for exhibit in dict.fromkeys(board["exhibit"]):
        cells = board[board["exhibit"] == exhibit]
        rows = [
            (row.row, row.column, row.published, float(row.computed), row.status, row.note)
            for row in cells.itertuples(index=False)
        ]
        heads: list[Column | str] = [
            "Statement or number",
            "Where",
            "Paper",
            Column("Ours", format=".4g"),
            "Status",
            "Note",
        ]
        unavailable = bool((cells["status"] == "data unavailable").any())
        yield Table(str(exhibit), heads, rows, note=note, source=_SOURCE, stand_in=unavailable)


def recovery_table(made: StandIns) -> Table:
    """Return the steps of the model and the components of each decomposition."""
    table = made.recovered.table
    rows = [
        (str(name), *(float(value) for value in row)) for name, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    heads: list[Column | str] = ["Method", *(Column(str(name), "price", ".5f") for name in table.columns)]
    note = "Productivity is minus the output-weighted cost; components are read as " + (
        "within: innovation, between: reallocation, entry, and exit: selection."
    )
    return Table("The model's steps and what decompositions say", heads, rows, note=note, stand_in=True)


def _words_on_stand_ins() -> str:
    return (
        "The trade data of Figure 1 and the plant data of Figure 5 and Table 1 are not public. These figures are of made-up trade "
        "and of firms of the model. They show that the tools do what the paper does with its data; of the world and of Canada they "
        "show nothing."
    )


def _words_on_recovery() -> str:
    return (
        "Two industries of firms of the model, one of which is liberalised; nobody innovates. The paper counts 8.4 per cent as "
        "coming from market shares alone. Where firms are the model's, does a decomposition find that? Melitz and Polanec's does, "
        "exactly; the others compare those who leave with other means."
    )
