"""The report of a run: one HTML file with everything inside, to read, print, mail and keep.

It loads nothing from anywhere, so that it looks the same in ten years and can be opened where there is no
network. A page that rests on stand-in data says so at its top and beside every exhibit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewinds.citations import cite
from tradewinds.report.environment import render_template, scripts
from tradewinds.report.page import Equation, Figure, Heading, Page, Section, markdown
from tradewinds.report.provenance import ParameterRecord
from tradewinds.report.references import format_reference
from tradewinds.report.tables import Column, Table, format_value

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["Equation", "Figure", "Report", "Section", "markdown", "render"]


@dataclass(frozen=True)
class Report:
    """Everything a report shows.

    Attributes
    ----------
    title, subtitle : str
        Plain text.
    abstract : str
        What was asked and found, in Markdown; stands before the table of contents.
    stand_in : str
        Empty for real data; otherwise the sentence that says what the data stand in for.
    failed_checks : sequence of str
        One sentence a check that failed; any of them marks the page.
    sections : sequence of Section
        The results.
    parameters : sequence of ParameterRecord
        Shown in a table with their sources.
    warnings : sequence of str
        What a reader must know before using a number.
    provenance : mapping, optional
        Record made by :func:`tradewinds.report.provenance.provenance`; the wall time is left out of the page,
        which is the same on every run.
    citation_keys : sequence of str
        Keys of ``references.bib``, shown as a reference list with their BibTeX.
    numbered : bool
        Whether tables are numbered; False where their titles carry a paper's own numbers.
    """

    title: str
    subtitle: str = ""
    abstract: str = ""
    stand_in: str = ""
    failed_checks: Sequence[str] = ()
    sections: Sequence[Section] = ()
    parameters: Sequence[ParameterRecord] = ()
    warnings: Sequence[str] = ()
    provenance: Mapping[str, Any] | None = None
    citation_keys: Sequence[str] = ()
    numbered: bool = True


def render(report: Report) -> str:
    """Return a report as the text of one self-contained HTML file.

    Raises
    ------
    InputError
        If a figure is not SVG or refers to other files, or a citation key is unknown.

    Examples
    --------
    >>> page = render(Report("R&D at home and abroad", sections=[Section("Results", "Growth rises.")]))
    >>> page.splitlines()[0], "<h1>R&amp;D at home and abroad</h1>" in page
    ('<!doctype html>', True)
    """
    page = Page(stand_in=bool(report.stand_in), numbered=report.numbered)
    made = [page.section(section) for section in report.sections]
    if report.warnings:
        made.append(_listed(page, "Warnings", report.warnings))
    if report.parameters:
        made.append(page.section(Section("Parameters", [parameter_table(report.parameters)])))
    if report.provenance is not None:
        made.append(provenance_section(page, report.provenance))
    if report.citation_keys:
        made.append(reference_section(page, report.citation_keys))
    return frame(
        title=report.title,
        subtitle=report.subtitle,
        abstract=report.abstract,
        stand_in=report.stand_in,
        failed_checks=report.failed_checks,
        made=made,
    )


def frame(
    *,
    title: str,
    subtitle: str,
    abstract: str,
    stand_in: str,
    failed_checks: Sequence[str],
    made: Iterable[tuple[Markup, Heading]],
    lead: Markup | str = "",
) -> str:
    """Return a whole page around sections that are already HTML; ``lead`` stands before the table of contents."""
    import tradewinds

    sections = list(made)
    return str(
        render_template(
            "page.html.j2",
            title=title,
            subtitle=subtitle,
            abstract=markdown(abstract) if abstract else "",
            stand_in=stand_in,
            failed_checks=list(failed_checks),
            lead=lead,
            sections=[html for html, _ in sections],
            contents=[heading for _, heading in sections],
            version=tradewinds.__version__,
        )
    )


#: What sources of values begin with that were chosen to come near printed results.
_FITTED = ("calibrated to", "deduced from")


def parameter_table(parameters: Sequence[ParameterRecord]) -> Table:
    """Return the table of parameters: symbol, value, unit and source of each, and bounds where some are stated."""
    bounded = any(item.bounds for item in parameters)
    rows = [
        (
            item.name.replace("_", " "),
            scripts(item.symbol),
            _value_text(item.value),
            item.unit,
            *([item.bounds] if bounded else []),
            item.source,
        )
        for item in parameters
    ]
    columns = ["Parameter", "Symbol", "Value", "Unit", *(["Bounds"] if bounded else []), "Source"]
    fitted = dict.fromkeys(item.name.replace("_", " ") for item in parameters if item.source.startswith(_FITTED))
    note = (
        f"Chosen to come near printed results, agreement with which is therefore no evidence: {', '.join(fitted)}."
        if fitted
        else ""
    )
    return Table("Parameters as used", [Column(name) for name in columns], rows, note=note, stand_in=False)


def _value_text(value: object) -> str:
    """Return a value as text; numbers by country with the countries that share one."""
    if not isinstance(value, Mapping):
        return format_value(value)
    sharing: dict[str, list[str]] = {}
    for code, number in value.items():
        sharing.setdefault(format_value(number), []).append(str(code))
    return "; ".join(f"{number} ({', '.join(codes)})" for number, codes in sharing.items())


def provenance_section(page: Page, record: Mapping[str, Any]) -> tuple[Markup, Heading]:
    """Return the section that says with what, from what and how the numbers were made."""
    study = record.get("study", {})
    libraries = ", ".join(f"{name} {version}" for name, version in sorted(record.get("libraries", {}).items()))
    facts = [
        ("Status", record.get("status", "")),
        ("tradewinds", record.get("tradewinds", "")),
        ("Python", record.get("python", "")),
        ("Libraries", libraries),
        ("Platform", record.get("platform", "")),
        ("Study file", study.get("file", "")),
        ("Seed", "" if record.get("seed") is None else str(record["seed"])),
    ]
    content = study.get("content")
    heading = Heading("Provenance", page.identifier("Provenance"))
    html = render_template(
        "provenance.html.j2",
        heading=heading,
        facts=[(name, text) for name, text in facts if text],
        datasets=record.get("datasets", []),
        study=json.dumps(content, indent=2, ensure_ascii=False) if content else "",
    )
    return html, heading


def reference_section(page: Page, keys: Sequence[str]) -> tuple[Markup, Heading]:
    """Return the reference list, with its BibTeX to copy."""
    heading = Heading("References", page.identifier("References"))
    unique = list(dict.fromkeys(keys))
    listed = sorted((format_reference(cite(key)) for key in unique), key=lambda entry: entry.striptags().casefold())
    return render_template("references.html.j2", heading=heading, entries=listed, bibtex=str(cite(*unique))), heading


def _listed(page: Page, title: str, sentences: Sequence[str]) -> tuple[Markup, Heading]:
    heading = Heading(title, page.identifier(title))
    return render_template("list.html.j2", heading=heading, sentences=list(sentences)), heading
