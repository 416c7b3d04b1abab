"""Tables of the replication: the index of mechanisms, the survey sentence by sentence, claims, failures, numbers in print."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from tradewinds.growth import Claim
from tradewinds.replications.grossman_helpman.claims import CONDITION, WORDED, Answered
from tradewinds.replications.grossman_helpman.failures import FAILURES, Moved
from tradewinds.replications.grossman_helpman.numbers import Opening
from tradewinds.replications.grossman_helpman.survey import SECTIONS, STATEMENTS
from tradewinds.replications.grossman_helpman.words import WORDS
from tradewinds.report import Column, ParameterRecord, Table
from tradewinds.report.html import parameter_table

__all__ = [
    "calibration_records",
    "calibration_table",
    "claim_table",
    "failure_table",
    "index_table",
    "opening_table",
    "printed_tables",
    "statement_tables",
    "unanswered_table",
]

_GREEK: Mapping[str, str] = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "rho": "ρ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ",
    "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Omega": "Ω",
}  # fmt: skip


def index_table(answered: Sequence[Answered], moved: Mapping[tuple[str, str], Moved]) -> Table:
    """Return a row a mechanism: where the survey has it, how its claims came out, growth with trade and without."""
    rows = []
    for each in answered:
        model = each.mechanism
        growth = [100 * model.solve(regime=regime).value.growth for regime in ("baseline", "autarky")]
        counts = [each.count(verdict) for verdict in ("holds", "holds only if", "fails as worded")]
        rows.append((model.title, WORDS[each.name].place, *counts, *growth, "yes" if model.has_transition else "jumps"))
    heads: list[Column | str] = [
        "Mechanism",
        "In the survey",
        *(Column(name, "claims", ".0f") for name in ("holds", "holds only if", "fails as worded")),
        Column("Growth", "% a year", ".2f"),
        Column("Autarky", "% a year", ".2f"),
        "Transition",
    ]
    note = (
        "Growth of consumption at home at standard calibrations, which differ between mechanisms: rows are not to be compared. "
        f"{len(moved)} claims do not hold as worded; each has an economy in which it fails, shown in its section."
    )
    return Table("Thirteen mechanisms", heads, rows, note=note, stand_in=False)


def statement_tables(answered: Sequence[Answered]) -> Iterator[Table]:
    """Yield the survey, a table a section: statement, mechanism, verdict."""
    claims = {(each.name, claim.name): claim for each in answered for claim in each.claims}
    for key, title in SECTIONS.items():
        rows = [
            (statement.text if i == 0 else "", name, claims[name, claim].verdict, _why(claims[name, claim]))
            for statement in STATEMENTS
            if statement.section == key
            for i, (name, claim) in enumerate(statement.checks)
        ]
        if rows:
            yield Table(title, ["The survey says", "Mechanism", "Verdict", "Condition, or why"], rows, stand_in=False)


def _why(claim: Claim) -> str:
    """Return the condition as a sentence, with names of parameters as words, or else the explanation."""
    found = f"{claim.condition[:1].upper()}{claim.condition[1:]}." if claim.condition else claim.explanation
    return found.replace("_", " ")


def unanswered_table() -> Table:
    """Return the statements that no mechanism answers, with the reason."""
    rows = [(SECTIONS[s.section], s.text, f"{s.reason[:1].upper()}{s.reason[1:]}.") for s in STATEMENTS if s.reason]
    return Table("Not answered here", ["Where", "The survey says", "Why not"], rows, stand_in=False)


def claim_table(each: Answered) -> Table:
    """Return the claims of a mechanism with verdict, reason, and the numbers solved for."""
    rows = [
        (
            claim.text,
            claim.source,
            claim.verdict,
            f"{_why(claim)} {claim.explanation}" if claim.condition else claim.explanation,
            "; ".join(f"{name.replace('_', ' ')}: {value:.4g}" for name, value in claim.numbers.items()),
        )
        for claim in each.claims
    ]
    heads = ["Statement", "Source", "Verdict", "Condition and why", "Solved for"]
    return Table(f"Claims: {each.name}", heads, rows, stand_in=False)


def failure_table(each: Answered, moved: Mapping[tuple[str, str], Moved]) -> Table | None:
    """Return where the claims of a mechanism fail, or None if they never do."""
    rows = []
    for claim in each.claims:
        if (each.name, claim.name) in FAILURES:
            found = moved[each.name, claim.name]
            rows.append(
                (claim.name.replace("-", " "), found.where, found.what, found.stated, found.before, found.after)
            )
    if not rows:
        return None
    heads: list[Column | str] = [
        "Claim",
        "Economy",
        "Number",
        "Statement says",
        Column("Before", format=".5g"),
        Column("After", format=".5g"),
    ]
    return Table(f"Where claims fail: {each.name}", heads, rows, stand_in=False)


def calibration_table(each: Answered) -> Table:
    """Return the standard calibration with sources."""
    records = [
        dataclasses.replace(record, name=record.name.partition(".")[2], value=_value(record.value))
        for record in calibration_records(each)
    ]
    table = parameter_table(records)
    return Table(f"Standard calibration: {each.name}", table.columns, table.rows, note=table.note, stand_in=False)


def calibration_records(each: Answered) -> list[ParameterRecord]:
    """Return the parameters of a mechanism with sources, named ``mechanism.parameter``."""
    return [
        ParameterRecord(
            f"{each.name}.{row['parameter']}", np.asarray(row["value"]).tolist(), _symbol(str(row["symbol"])), str(row["unit"]),
            str(row["source"]), str(row["bounds"]),
        )
        for row in each.mechanism.calibration().to_dict("records")
    ]  # fmt: skip


def _symbol(symbol: str) -> str:
    """Return a symbol with Greek letters and indices."""
    words = []
    for word in symbol.split(" "):
        stem, underscore, index = word.partition("_")
        name = "ā" if stem == "a-bar" else _GREEK.get(stem, stem)
        words.append(f"{name}_{{{index}}}" if underscore else name)
    return " ".join(words)


def _value(value: object) -> object:
    """Return a value as it is shown; matrices row by row."""
    array = np.asarray(value)
    if array.ndim == 0:
        return value
    rows = np.atleast_2d(array)
    return "; ".join(", ".join(f"{x:g}" for x in row) for row in rows)


def printed_tables(board: pd.DataFrame, exhibits: Sequence[str]) -> Iterator[Table]:
    """Yield the scoreboard of exhibits that are numbers in print."""
    for exhibit in exhibits:
        cells = board[
            (board["exhibit"] == exhibit) & ~board["column"].isin([WORDED, CONDITION])
        ]  # claims are in their sections
        rows = [
            (row.row, row.column, row.published, float(str(row.computed)), row.status, row.note)
            for row in cells.itertuples(index=False)
        ]
        heads: list[Column | str] = ["Number", "Equations", "Printed", Column("Ours", format=".6g"), "Status", "Note"]
        yield Table(str(exhibit), heads, rows, stand_in=bool((cells["status"] == "data unavailable").any()))


def opening_table(found: Opening) -> Table:
    """Return Sampson's gain, static and dynamic."""
    rows = [(name, value) for name, value in found.parts().items()]
    note = "Factors, not sums: 1 + total is (1 + static)(1 + dynamic), in fractions. Static is the gain of a theory without growth."
    return Table(
        "Sampson (2016): gain from opening",
        ["Part", Column("Gain", "% of consumption", ".4f")],
        rows,
        note=note,
        stand_in=False,
    )
