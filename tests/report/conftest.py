"""A report and an index with everything in them, as a run and a replication make them; and a reader of pages."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure as Drawing

from tradewinds.plotting import COLOURS, DASHES, MARKERS, add_source, style, to_svg
from tradewinds.report import (
    SCOREBOARD_COLUMNS,
    Column,
    DatasetRecord,
    Equation,
    Figure,
    PaperPage,
    ParameterRecord,
    Report,
    Section,
    Table,
    provenance,
)

COUNTRIES = ("Canada", "France", "Germany", "Italy", "Japan", "Sweden", "United Kingdom", "United States")
#: Keller (1997), Table 3, growth specification IS: observed and exchanged shares.
OBSERVED = (0.415, 0.503, 0.235, 0.151, 0.166, 0.172, 0.493, 0.173)
ERRORS = (0.158, 0.141, 0.060, 0.053, 0.080, 0.070, 0.158, 0.061)
EXCHANGED = (0.427, 0.512, 0.252, 0.157, 0.169, 0.189, 0.508, 0.173)

STAND_IN = (
    "The OECD sectoral accounts behind the paper are not to be had. Productivity is simulated from the paper's own "
    "estimates, calibrated to the moments of its Tables A-7 and A-8; coefficients below test the code, not the world."
)


@functools.cache
def draw(seed: int = 0) -> str:
    """Return a line chart with clip paths and markers, as our figures have them."""
    draws = np.random.default_rng(seed)
    years = np.arange(1970, 1992)
    with style():
        figure = Drawing()
        axes = figure.subplots()
        for index, country in enumerate(COUNTRIES[:4]):
            growth = 4 + draws.normal(0, 1, years.size).cumsum() / 3
            axes.plot(
                years,
                growth,
                color=COLOURS[index],
                linestyle=DASHES[index],
                marker=MARKERS[index],
                markersize=3.5,
                markevery=3,
                label=country,
            )
        axes.set_ylabel("per cent a year")
        axes.set_title(f"Growth of machinery R&D stocks (draw {seed})")
        axes.legend(ncols=2)
        add_source(figure, "Source: simulated, for the layout only.")
        return to_svg(figure)


@pytest.fixture
def drawing() -> str:
    return draw()


def estimates() -> Table:
    rows = [
        row
        for country, *numbers in zip(COUNTRIES, OBSERVED, ERRORS, EXCHANGED, strict=True)
        for row in (
            (country, f"{numbers[0]:.3f}**", f"{numbers[2]:.3f}**", numbers[0] - numbers[2]),
            ("", f"({numbers[1]:.3f})", "(0.018)", ""),
        )
    ]
    return Table(
        "Elasticity of productivity growth with respect to the R&D of each country",
        (
            Column("R&D of"),
            Column("Observed shares"),
            Column("Exchanged shares", "mean of 1,000 draws"),
            Column("Difference", format=".3f"),
        ),
        rows,
        note="Standard errors in parentheses; ** marks five per cent. 240 observations; R^{2} = 0.105.",
        source="Keller (1997), Table 3, specification IS.",
    )


def wide() -> Table:
    draws = np.random.default_rng(3).lognormal(8, 1, (8, 14)).round()
    frame = pd.DataFrame(draws, columns=[f"Exporter {index + 1}" for index in range(14)])
    frame.insert(0, "Importer", COUNTRIES)
    return Table("Imports of specialised machinery, by exporter", None, frame, source="Simulated.", stand_in=False)


@pytest.fixture
def report() -> Report:
    parameters = [
        ParameterRecord("rnd_depreciation", 0.1, "δ", "a year", "Keller (1997), Appendix B"),
        ParameterRecord("draws", 1000, "B", "", "study file"),
        ParameterRecord("first_year", 1970, "t_{0}", "year", "Keller (1997), Section 3"),
        ParameterRecord("trade_cost", [1.0, 0.5, 0.3], "τ", "", "study file"),
    ]
    datasets = [
        DatasetRecord("keller1997-calibrated", "ab" * 32, "Built by tradewinds from Keller (1997)", "Productivity.")
    ]
    keys = [
        "keller1997",
        "keller1998",
        "coe-helpman1995",
        "hall1990",
        "jorgenson-landau1993",
        "coe-hoffmaister1999",
    ]
    warnings = ["R&D stocks are interpolated between benchmark years; residuals are serially correlated."]
    record = provenance(
        wall_time=12.3,
        study={"schema": 1, "spillovers": {"panel": "keller1997-calibrated", "draws": 1000, "seed": 1}},
        study_file="keller.toml",
        parameters=parameters,
        datasets=datasets,
        seed=1,
        warnings=warnings,
        failed_checks=["Sweden"],
        citation_keys=keys,
    )
    method = Section(
        "The regression",
        [
            "Productivity growth of importer *i* in industry *j* is explained by the R&D of all countries, weighted by "
            "the share m_{wj} of imports from each (see [Table 1](#table-1)).",
            Equation(
                "ΔF_{ijt}/F_{ijt} = α_{i} + Σ_{v} β_{v} m_{ij} σ^{i}_{vj} ΔS_{vjt}/S_{vjt} + ε_{ijt}",
                "(4.10)",
            ),
            "where S is the stock of research:\n\n- own research enters with a share of one;\n- foreign research with the "
            "observed share, or a *drawn* one.\n\n### What to look for\n\n> If the exchanged shares do as well as the "
            "observed ones, trade is not what carries knowledge.",
        ],
    )
    results = Section(
        "Results",
        [
            "Exchanging the partners at random leaves the estimates where they were.",
            estimates(),
            Figure(
                "Growth of the R&D stocks",
                draw(1),
                "Four lines, one a country, between 2 and 6 per cent.",
                note="Annual rates; the level is arbitrary.",
            ),
            Section(
                "Sensitivity",
                [
                    "Nothing changes when the stocks depreciate faster.",
                    wide(),
                    Figure("The same with another draw", draw(2), "Four other lines."),
                ],
            ),
        ],
    )
    return Report(
        title="Do trade partners matter? R&D spillovers with observed and random trade",
        subtitle="Keller's experiment on eight countries and six machinery-using industries, 1970–1991",
        abstract="Foreign research raises productivity by as much when partners are **drawn at random** as when they are "
        "the real ones: the weighted sum carries a general effect, and the pattern of trade adds little to it.",
        stand_in=STAND_IN,
        failed_checks=[
            "The mean of the drawn estimates for Sweden is 0.031 from the general spillover; 0.010 allowed."
        ],
        sections=[method, results],
        parameters=parameters,
        warnings=warnings,
        provenance=record,
        citation_keys=keys,
    )


@pytest.fixture
def scoreboard() -> pd.DataFrame:
    rows = []
    for exhibit, values in (("Table 3", OBSERVED), ("Table 4", EXCHANGED)):
        for index, (country, value) in enumerate(zip(COUNTRIES, values, strict=True)):
            computed = round(value + (0.0, 0.0004, 0.02, 0.2)[index % 4], 4)
            status = ("exact", "close", "qualitative", "not reproduced")[index % 4]
            note = "The paper's eq. (4.12) divides by seven, the text by eight" if status == "not reproduced" else ""
            rows.append(
                (
                    "keller",
                    exhibit,
                    country,
                    "IS, observed shares",
                    f"{value:.3f}",
                    computed,
                    computed - value,
                    0.001,
                    status,
                    note,
                )
            )
    rows += [
        (
            "bch",
            "Table 2",
            "Spain",
            "output, 1996",
            "-13.61",
            None,
            None,
            0.1,
            "data unavailable",
            "MULTIMOD data are not public",
        )
    ]
    rows += [
        ("keller", "Table 1", country, "Model (4.1)", f"{value:.3f}", value, 0.0, 0.0005, "exact", "")
        for country, value in zip(COUNTRIES, OBSERVED, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(SCOREBOARD_COLUMNS))


@pytest.fixture
def papers() -> list[PaperPage]:
    return [
        PaperPage(
            "keller",
            "Keller (1997), How Trade Patterns and Technology Flows Affect Productivity Growth",
            "keller/report.html",
            STAND_IN,
            "All five tables and the appendix.",
            "# Differences\n\nThe paper prints *20 per cent*; its own R^{2} give 18.8.\n\n"
            "| exhibit | paper | ours |\n|---|---|---|\n| Table 5 | 20 | 18.8 |\n",
            {"Table 3": "Table 3. TFP growth"},
        ),
        PaperPage("bch", "Bayoumi, Coe and Helpman (1996), R&D Spillovers and Global Growth"),
    ]


VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
#: Elements that a paragraph cannot hold; a browser would close it before them.
BLOCKS = frozenset(
    {"aside", "blockquote", "div", "dl", "figure", "h1", "h2", "h3", "h4", "nav", "ol", "p", "section", "table", "ul"}
)


class ParsedPage(HTMLParser):
    """One page, parsed; everything wrong with it is in :attr:`problems`."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.problems: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.pieces: list[str] = []
        self.sheets: list[str] = []
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f"never closed: {self.open}")
        if self.rawdata:
            self.problems.append(f"left unread: {self.rawdata[:60]}")

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.problems.append(f"<{tag}> repeats an attribute: {names}")
        if tag in BLOCKS and "p" in self.open:
            self.problems.append(f"<{tag}> inside <p>")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        if "svg" not in [*self.open, tag] and tag not in VOID:
            self.problems.append(f"<{tag}/> does not close itself in HTML")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> at line {self.getpos()[0]} closes {self.open[-1:]}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        (self.sheets if self.open[-1:] == ["style"] else self.pieces).append(data)

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    def with_class(self, name: str) -> list[dict[str, str]]:
        return [attributes for _, attributes in self.elements if name in attributes.get("class", "").split()]

    def references(self) -> list[str]:
        """Ids that the page refers to: links, labels, patterns and clip paths."""
        found = []
        for _, attributes in self.elements:
            if attributes.get("href", "").startswith("#"):
                found.append(attributes["href"][1:])
            for name in ("aria-labelledby", "aria-describedby"):
                found += attributes.get(name, "").split()
            for value in attributes.values():
                found += re.findall(r"url\(#([^)]+)\)", value)
        return found

    def loads(self) -> list[str]:
        """Everything the page would fetch, or send a reader to outside its own folder."""
        found = []
        for tag, attributes in self.elements:
            for name, value in attributes.items():
                outside = re.match(r"\s*([a-z][a-z0-9+.-]*:|//|\\)", value, re.IGNORECASE)
                if name in ("href", "src", "srcset", "data", "action", "poster", "xlink:href") and outside:
                    found.append(f"<{tag} {name}={value}>")
                if name.startswith("on"):
                    found.append(f"<{tag} {name}>")
                found += [f"<{tag} {name}={value}>" for url in _urls(value) if not url.startswith("#")]
        for sheet in self.sheets:
            found += [url for url in _urls(sheet) if not url.startswith("#")]
            found += re.findall(r"@import|@font-face", sheet)
        unwelcome = {"script", "link", "iframe", "object", "embed", "base", "form", "foreignobject", "img"}
        return found + sorted(self.tags() & unwelcome)


def _urls(text: str) -> list[str]:
    return re.findall(r"url\(\s*['\"]?([^'\")]*)", text)


def check(text: str) -> ParsedPage:
    """Parse a page; fail unless it is well formed, loads nothing and refers only to what is there."""
    page = ParsedPage(text)
    assert page.problems == []
    assert page.loads() == []
    ids = page.ids()
    assert sorted(ids) == sorted(set(ids))
    assert set(page.references()) <= set(ids)
    return page


@pytest.fixture(scope="session")
def parse() -> Callable[[str], ParsedPage]:
    """Read HTML; what is wrong with it is in ``problems``."""
    return ParsedPage


@pytest.fixture(scope="session")
def sound() -> Callable[[str], ParsedPage]:
    """Read HTML that must be well formed, load nothing, and refer only to what is there."""
    return check
