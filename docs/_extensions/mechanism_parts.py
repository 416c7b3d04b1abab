"""Parts of the pages on the mechanisms of growth that are read off the code: calibrations, claims, figures and their map.

Solving takes seconds, so the parts are made anew only where the code behind them has changed.
"""

from __future__ import annotations

import hashlib
import html
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mechanism_map import ENTRIES, Case

#: Where pages find the parts of a mechanism, by the end of the file's name.
PARTS = ("calibration.inc", "claims.inc", "discipline.inc", "provenance.inc", "references.inc")

_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega|"
    "varphi|varsigma|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Phi|Psi|Omega"
)
_SPECIAL = {"1[trade]": r"\mathbf{1}_{trade}", "a-bar": r"\bar a"}


def write(folder: Path) -> None:
    """Write all parts into a folder, unless those there were made by the same code."""
    from tradewinds.growth import mechanisms

    mark, made = folder / "made-by", _fingerprint()
    names = [f"{name}-{part}" for name in mechanisms for part in PARTS] + [f"{name}.svg" for name in mechanisms]
    complete = all((folder / name).exists() for name in ("map.inc", *names))
    if complete and mark.exists() and mark.read_text(encoding="utf-8") == made:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _parts():
        (folder / name).write_text(text, encoding="utf-8")
    mark.write_text(made, encoding="utf-8")


def _fingerprint() -> str:
    """Return a checksum of the code that makes the parts."""
    import matplotlib
    import numpy
    import scipy

    import tradewinds

    package, here = Path(tradewinds.__file__).parent, Path(__file__).parent
    sources = [*sorted((package / "growth").glob("*.py")), *sorted((package / "solvers").glob("*.py"))]
    sources += [package / "plotting.py", package / "references.bib", *sorted(here.glob("mechanism*.py"))]
    digest = hashlib.sha256(" ".join(x.__version__ for x in (numpy, scipy, matplotlib)).encode())
    for path in sources:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _parts() -> Iterator[tuple[str, str]]:
    """Yield name and text of every part; small systems are solved faster by one thread than by many."""
    import scipy.linalg  # noqa: F401  (the limit holds for libraries that are loaded)
    from threadpoolctl import threadpool_limits

    from tradewinds.growth import mechanisms
    from tradewinds.plotting import to_svg

    with threadpool_limits(1, user_api="blas"):
        yield "map.inc", mechanism_map()
        for name in mechanisms:
            yield f"{name}-calibration.inc", calibration(name)
            yield f"{name}-claims.inc", claims(name)
            yield f"{name}-discipline.inc", "".join(f"- {_prose(line)}\n" for line in mechanisms[name].discipline)
            yield f"{name}-provenance.inc", f"{_prose(mechanisms[name].provenance)}\n"
            yield f"{name}-references.inc", references(mechanisms[name].citation_keys)
            yield f"{name}.svg", to_svg(mechanisms[name].plot())


def tex(symbol: str) -> str:
    r"""Return a symbol of a parameter as an equation has it: ``varsigma_0`` is ``\varsigma_0``."""
    if symbol in _SPECIAL:
        return _SPECIAL[symbol]

    def one(match: re.Match[str]) -> str:
        letter, below, star = match.groups()
        name = f"\\{letter}" if _GREEK.fullmatch(letter) else letter
        index = "" if not below else f"_{below}" if len(below) == 1 else f"_{{{below}}}"
        return name + index + ("^*" if star else "")

    return re.sub(r"([A-Za-z]+)(?:_([A-Za-z0-9]+))?(\*)?", one, symbol)


def calibration(name: str) -> str:
    """Return the standard calibration as a table, and what other variants change."""
    from from_code import table

    from tradewinds.growth import mechanisms

    mechanism = mechanisms[name]
    rows = [
        (
            f"`{parameter}` ${tex(definition.symbol)}$",
            number(getattr(mechanism.defaults(mechanism.variants[0]), parameter)),
            f"{_prose(definition.meaning)}{_unit(definition)}, {_interval(definition)}",
            _prose(definition.source),
        )
        for parameter, definition in mechanism.definitions.items()
    ]
    head = ("parameter and symbol", "value", "meaning (unit), bounds", "source")
    lines = [table(head, rows)]
    first = mechanism.defaults(mechanism.variants[0]).items()
    for variant in mechanism.variants[1:]:
        values = mechanism.defaults(variant).items()
        moved = [f"`{key}` {number(value)}" for key, value in values.items() if number(value) != number(first[key])]
        lines.append(f"- `{variant}`: {', '.join(moved) or 'the same calibration'}")
    if len(lines) > 1:
        lines.insert(1, f"The table is that of `{mechanism.variants[0]}`. In the other variants:\n")
    return "\n".join(lines) + "\n"


def _unit(definition: Any) -> str:
    return "" if definition.unit == "1" else f" ({_prose(definition.unit)})"


def _interval(definition: Any) -> str:
    """Return the bounds of a parameter, in one piece."""
    whole = "whole, " if definition.whole else ""
    return f"{whole}`{definition.bounds.replace(' ', chr(160))}`"


def number(value: Any) -> str:
    """Return a parameter as text: six digits; rows of a matrix apart."""
    import numpy as np

    array = np.asarray(value, dtype=float)
    if array.ndim == 2:
        return "; ".join(number(row) for row in array)
    if array.ndim == 1:
        return ", ".join(number(x) for x in array)
    return "∞" if math.isinf(array) else f"{float(array):.6g}"


def claims(name: str) -> str:
    """Return the claims with verdicts, conditions and numbers, as a list of definitions."""
    from tradewinds.growth import mechanisms

    parts = []
    for claim in mechanisms[name].claims():
        shown = "; ".join(f"{_prose(key)} **{figure(value)}**" for key, value in claim.numbers.items())
        verdict = f"*{claim.verdict}*" + (f": {_prose(claim.condition)}" if claim.condition else "")
        lines = [
            f"“{_prose(claim.text)}” ({_prose(claim.source)})",
            f": {verdict}. {_prose(claim.explanation)}",
            f"  {shown}.",
        ]
        parts.append("\n\n".join([f"{lines[0]}\n{lines[1]}", lines[2]]))
    return "\n\n".join(parts) + "\n"


def figure(value: float) -> str:
    """Return a number of a claim; what is rounding is zero."""
    return "0" if abs(value) < 1e-12 else f"{value:.4g}"


def references(keys: Sequence[str]) -> str:
    """Return a list of references."""
    from tradewinds.citations import entries
    from tradewinds.report.references import format_reference

    found = entries()
    lines = [str(format_reference(found[key])).replace("<em>", "*").replace("</em>", "*") for key in keys]
    return "".join(f"- {html.unescape(line)}\n" for line in lines)


def _prose(text: str) -> str:
    """Return text in which nothing is taken for markup."""
    return re.sub(r"([*`<\[\]])", r"\\\1", text)


def mechanism_map() -> str:
    """Return the map: what opening does in every mechanism, solved, and what decides."""
    from from_code import table

    from tradewinds.growth import mechanisms

    rows = []
    for name, entry in ENTRIES.items():
        for i, case in enumerate(entry.cases):
            closed, opened = solved(name, case)
            link = f"[{mechanisms[name].title}]({name}.md)" if i == 0 else ""
            rates = f"{100 * closed:.2f}", f"{100 * opened:.2f}"
            rows.append((link, entry.channel if i == 0 else "", case.label, *rates, answer(closed, opened)))
    return table(("mechanism", "channel", "what opens; whose rate", "closed", "open", "opening"), rows)


def solved(name: str, case: Case) -> tuple[float, float]:
    """Return a rate before and after an opening, a year, as fractions."""
    import numpy as np

    from tradewinds.growth import mechanisms

    mechanism = mechanisms[name]
    opened = mechanism.defaults(mechanism.variant(case.variant)).replace(**case.calibration)
    changes: Mapping[str, Any] = (
        mechanism.closing(mechanism.variant(case.variant)) if case.closed is None else case.closed
    )
    points = (mechanism.solve(p, variant=case.variant).value for p in (opened.replace(**changes), opened))
    before, after = (np.ravel(point[case.variable]) for point in points)
    country = case.country
    return float(before[min(country, before.size - 1)]), float(after[min(country, after.size - 1)])


def answer(closed: float, opened: float) -> str:
    """Return what an opening does to a rate, in a word."""
    if abs(opened - closed) <= 1e-12:
        return "no effect"
    return "raises" if opened > closed else "lowers"
