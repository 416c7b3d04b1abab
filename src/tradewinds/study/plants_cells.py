"""Columns of a user's panel as numbers: codes taken out, who is idle, what is missing, and everything that is wrong.

Whatever is wrong is said with the column as the user calls it and its key in the study, the rows (counted from one, without
the head), what is allowed and what to try; all of it at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tradewinds.errors import DataError
from tradewinds.firms.measurement.columns import some_rows
from tradewinds.study.plants_fields import INPUT_ROLES, PlantsStudy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

__all__ = ["OWN", "PlantCells", "is_number", "logged_columns", "logs", "roles_of"]

#: Columns that the measurement tools name themselves.
OWN = ("plant", "year", "industry", "productivity", "weight", "exporter")


def roles_of(study: PlantsStudy) -> dict[str, str]:
    """Return role -> column for every role that a study uses."""
    names = study.names
    found = {role: getattr(names, role) for role in ("plant", "year", "industry", *INPUT_ROLES, "exporter", "exports")}
    found |= {"active": names.active, "weight": study.weight, "measured": study.how.column}
    return {role: column for role, column in found.items() if column}


def logged_columns(study: PlantsStudy) -> set[str]:
    """Return columns of inputs and output that the study says are logs already; employment as a weight is among them."""
    if not study.names.in_logs:
        return set()
    inputs = [name for listed in study.function_inputs().values() for name in listed if not study.is_known(name)]
    return {column for role in INPUT_ROLES if (column := getattr(study.names, role))} | set(inputs)


class PlantCells:
    """Columns of the table as numbers, who is idle, and everything that is wrong so far."""

    def __init__(self, study: PlantsStudy, table: pd.DataFrame, source: str) -> None:
        self.study, self.source, self.roles = study, source, roles_of(study)
        extra = dict.fromkeys(name for _, name in study.extra_columns())
        used = dict.fromkeys([*self.roles.values(), *extra])
        cells = _without_blank_end(table[list(used)].reset_index(drop=True))
        if cells.empty:
            raise DataError(source, ["there are no rows below the head"])
        self.table = _without_codes(cells, study.treatment.missing_codes)
        self.problems: list[str] = []
        self.idle = self._idle()
        self.numbers = {role: self._number(role) for role in self.roles if role not in ("plant", "industry", "active")}
        self.idle = self.idle | self._quiet()
        self._value_added()
        self.nonpositive = np.zeros(len(self.table), dtype=bool)
        self.lacking = np.zeros(len(self.table), dtype=bool)
        self.kept = {"productivity": "productivity", "exporter": "exporter"}
        self.extra = {name: self._extra(name) for name in extra}
        self.contradictory = 0

    @property
    def counts(self) -> dict[str, int]:
        """Rows, and rows under each rule."""
        return {
            "rows": len(self.table),
            "inactive": int(self.idle.sum()),
            "nonpositive": int(self.nonpositive.sum()),
            "contradictory": self.contradictory,
        }

    def stop(self) -> None:
        """Raise what was found to be wrong."""
        if self.problems:
            raise DataError(self.source, self.problems)

    def say(self, role: str) -> str:
        """Return a column as messages name it."""
        key = "productivity.column" if role == "measured" else f"columns.{role}"
        if role == "weight" and not self.study.names.weight:
            key = "columns.employment"
        return f'column "{self.roles[role]}" ({key})'

    def frame(self) -> pd.DataFrame:
        """Return plants as the measurement tools want them, but for productivity; problems are kept, not raised."""
        year = self.numbers["year"]
        odd = (year % 1 != 0) & ~np.isnan(year)
        self._complain(odd, f"{self.say('year')}: {{}} values are not whole years", "give years such as 1990 or 90")
        plant, when = (_text(self.table[self.roles[role]]) for role in ("plant", "year"))
        one = pd.Series("all", index=self.table.index)
        industry = _text(self.table[self.roles["industry"]]) if "industry" in self.roles else one
        self._complain(when == "", f"{self.say('year')}: {{}} cells are empty", "every row needs its year")
        self._complain(
            plant == "", f"{self.say('plant')}: {{}} cells are empty", "every row needs the code of its plant"
        )
        frame = pd.DataFrame({"plant": plant, "year": year, "industry": industry})
        self._refuse_repeated(frame)
        digits = self.study.names.industry_digits
        if digits is not None:
            short = ((industry.str.len() < digits) & (industry != "")).to_numpy() & ~self.idle
            self._complain(
                short,
                f"{self.say('industry')}: {{}} codes have fewer than {digits} digits (columns.industry_digits)",
                "codes read as numbers lose leading zeros: store them as text, or take fewer digits",
            )
            frame["industry"] = industry.str[:digits]
        frame["weight"] = self.numbers["weight"]
        self.lacking |= ((frame["industry"] == "").to_numpy() | np.isnan(self.numbers["weight"])) & ~self.idle
        if self.study.has_exporters:
            frame["exporter"] = self._export_status()
        for role in INPUT_ROLES:
            if role in self.numbers:
                self.kept[role] = f"log {role.replace('_', ' ')}"
                frame[self.kept[role]] = logs(self.numbers[role])
        for name, values in self.extra.items():
            self.kept[name] = f"column {name}" if name in (*OWN, *frame.columns) else name
            frame[self.kept[name]] = logs(values) if name in logged_columns(self.study) else values  # as in the file
        # an idle row is told from an incomplete one by its weight of zero
        frame.loc[self.idle, "weight"] = 0.0
        return frame

    def log_of(self, role: str) -> NDArray[np.float64]:
        """Return the log of a column that productivity needs; values that have none fall under the rule."""
        values = self.extra[role] if role in self.extra else self.numbers[role]
        wrong = (values <= 0) & ~self.idle
        if role == "value_added" and "value_added" not in self.roles:
            name = "output less materials"
        else:
            name = f'column "{role}"' if role in self.extra else self.say(role)
        if self.study.treatment.nonpositive == "raise":
            self._complain(
                wrong,
                f"{name}: {{}} values are not above zero and have no log",
                'nonpositive = "missing" under [plants.rules] counts them as missing',
            )
        self.nonpositive |= wrong
        return logs(values)

    def refuse_missing(self, frame: pd.DataFrame, lacking: Mask) -> None:
        """Note rows that lack a value, column by column, where the rule is to raise."""
        advice = 'set missing = "drop-row" or "drop-plant" under [plants.rules], or fill them in'
        found = lacking & ~self.nonpositive
        for role in self.roles:
            if role in ("plant", "year", "active"):
                continue
            empty = _text(self.table[self.roles[role]]) == ""
            self._complain(empty.to_numpy() & found, f"{self.say(role)}: {{}} cells are empty", advice)
            found = found & ~empty.to_numpy()
        lost = lacking & self.nonpositive
        if self.study.treatment.nonpositive == "missing":
            self._complain(lost, "{} rows have a value that is not above zero, which counts as missing", advice)

    def _idle(self) -> Mask:
        """Return rows of plants that did not operate, by the codes of the column that says so."""
        rules = self.study.treatment
        role = next((role for role in ("active", "exporter", "exports") if role in self.roles), None)
        if role is None:
            return np.zeros(len(self.table), dtype=bool)
        values = pd.to_numeric(self.table[self.roles[role]], errors="coerce").astype(float)
        idle = values.isin([float(code) for code in rules.inactive_codes]).to_numpy()
        if rules.inactive == "raise":
            codes = ", ".join(f"{code:g}" for code in rules.inactive_codes)
            self._complain(
                idle,
                f"{self.say(role)}: {{}} rows are of plants that did not operate (coded {codes})",
                'inactive = "absent" under [plants.rules] treats them as not there',
            )
        return idle

    def _quiet(self) -> Mask:
        """Return rows without weight and with nothing but zeros and empty cells: plants that did not operate either."""
        quiet: Mask = (self.numbers["weight"] == 0) & ~self.idle
        for role, values in self.numbers.items():
            if role not in ("year", "exporter"):
                quiet = quiet & ((values == 0) | np.isnan(values))
        if self.study.treatment.inactive == "raise":
            self._complain(
                quiet,
                f"{{}} rows have no weight ({self.say('weight')}) and nothing but zeros: plants that did not operate",
                'inactive = "absent" under [plants.rules] treats them as not there',
            )
        return quiet

    def _number(self, role: str) -> NDArray[np.float64]:
        logged = logged_columns(self.study)
        negative = role in ("measured", "value_added", "year") or self.roles[role] in logged
        values = self._as_number(self.roles[role], self.say(role), negative=negative)
        return np.exp(values) if self.roles[role] in logged and role != "measured" else values

    def _extra(self, name: str) -> NDArray[np.float64]:
        values = self._as_number(name, f'column "{name}"', negative=True)
        return np.exp(values) if name in logged_columns(self.study) else values

    def _as_number(self, column: str, said: str, *, negative: bool) -> NDArray[np.float64]:
        cells = self.table[column]
        values: NDArray[np.float64] = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64, copy=True)
        text = np.isnan(values) & (_text(cells) != "").to_numpy()
        first = cells[text].iloc[0] if text.any() else ""
        advice = (
            "write a number with a point, leave the cell empty, or name its code in missing_codes under [plants.rules]"
        )
        self._complain(text, f"{said}: {{}} cells are not numbers, such as {first!r}", advice)
        self._complain(np.isinf(values), f"{said}: {{}} values are infinite", "give finite numbers")
        if not negative:
            low = (values < 0) & ~self.idle
            shown = f"{values[low][0]:g}" if low.any() else ""
            advice = "give 0 or more, or name the code in missing_codes or inactive_codes under [plants.rules]"
            self._complain(low, f"{said}: {{}} values are negative, such as {shown}", advice)
        return values

    def _value_added(self) -> None:
        """Add value added, where it is output less materials."""
        if "value_added" not in self.numbers and {"output", "materials"} <= self.numbers.keys():
            self.numbers["value_added"] = self.numbers["output"] - self.numbers["materials"]

    def _export_status(self) -> NDArray[np.float64]:
        """Return 1, 0, -1 where idle, and NaN where unknown."""
        exports = self.numbers.get("exports")
        status = self.numbers.get("exporter")
        if status is None:
            assert exports is not None
            status = np.where(np.isnan(exports), np.nan, (exports > 0).astype(float))
        else:
            odd = ~np.isin(status, [0.0, 1.0]) & ~np.isnan(status) & ~self.idle
            shown = f"{status[odd][0]:g}" if odd.any() else ""
            self._complain(
                odd,
                f"{self.say('exporter')}: {{}} values are not 0 or 1, such as {shown}",
                "name codes of inactive plants in inactive_codes under [plants.rules]; a value of exports is columns.exports",
            )
            if exports is not None:
                self.contradictory = int(
                    (((status == 0) & (exports > 0)) | ((status == 1) & (exports == 0)))[~self.idle].sum()
                )
        self.lacking |= np.isnan(status) & ~self.idle
        return np.where(self.idle, -1.0, status)

    def _refuse_repeated(self, frame: pd.DataFrame) -> None:
        repeated = frame.duplicated(["plant", "year"], keep=False).to_numpy() & (frame["plant"] != "").to_numpy()
        if repeated.any():
            one = frame.loc[repeated].iloc[0]
            when = f"{one['year']:g}" if np.isfinite(one["year"]) else "a year"
            self._complain(
                repeated,
                f"{{}} rows repeat a plant in a year, such as plant {one['plant']} in {when} (columns.plant, columns.year)",
                "a plant has one row a year: sum its rows, or name the column that tells establishments apart",
            )

    def _complain(self, wrong: Any, text: str, advice: str) -> None:
        wrong = np.asarray(wrong, dtype=bool)
        if wrong.any():
            problem = f"{text.replace('{}', str(int(wrong.sum())), 1)}: {some_rows(wrong)}; {advice}"
            if problem not in self.problems:  # a column may have two roles
                self.problems.append(problem)


def logs(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return logs, NaN where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, np.log(np.where(values > 0, values, 1.0)), np.nan)


def _without_blank_end(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table without blank lines at its end, which editors leave; one between rows keeps its number."""
    filled = np.zeros(len(table), dtype=bool)
    for name in table.columns:
        filled |= (_text(table[name]) != "").to_numpy()
    return table[: int(np.flatnonzero(filled)[-1]) + 1] if filled.any() else table[:0]


def _without_codes(table: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return the table with cells of these codes missing, text or numbers."""
    if not codes:
        return table
    numeric = [float(code) for code in codes if is_number(code)]
    found = table.copy()
    for name in found.columns:
        column = found[name]
        hit = _text(column).isin(codes) | pd.to_numeric(column, errors="coerce").isin(numeric)
        found[name] = column.mask(hit, None)
    return found


def is_number(text: str) -> bool:
    """Tell whether a text is one."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _text(column: pd.Series[Any]) -> pd.Series[str]:
    """Return cells as text without blanks around, empty where missing; whole numbers without a point."""
    missing = column.isna()
    if pd.api.types.is_float_dtype(column.dtype):
        whole = column.where(~missing, 0.0)
        if np.isfinite(whole).all() and (whole % 1 == 0).all():
            column = whole.astype("int64")
    return column.astype("str").str.strip().mask(missing, "")
