"""The pages on the mechanisms: one each, derivations that run, and numbers that are the code's."""

from __future__ import annotations

import doctest
import re
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

from tradewinds.growth import BalancedGrowth, Mechanism, mechanisms
from tradewinds.growth.results import UNITS

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "explanation" / "growth"
HEADINGS = (
    "Who",
    "Environment",
    "What trade does, and why",
    "Welfare and transition",
    "Corners",
    "Calibration",
    "Claims",
    "From memory, and corrected",
    "Data that would discipline it",
    "Try it",
    "References",
)


@pytest.fixture(scope="module")
def parts() -> Iterator[types.ModuleType]:
    """Return the extension that makes the generated parts."""
    folder = str(ROOT / "docs" / "_extensions")
    sys.path.insert(0, folder)
    try:
        import mechanism_parts

        yield mechanism_parts
    finally:
        sys.path.remove(folder)


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Small systems are solved faster by one thread."""
    with threadpool_limits(1, user_api="blas"):
        yield


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def examples(text: str) -> list[str]:
    return re.findall(r"^ *```\{doctest\}\n(.*?)^ *```", text, flags=re.DOTALL | re.MULTILINE)


def formulas(text: str) -> list[str]:
    """Return the equations of a page, without those in code."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    shown = re.findall(r"\$\$(.*?)\$\$", prose, flags=re.DOTALL)
    return shown + re.findall(r"\$([^$]+)\$", re.sub(r"\$\$.*?\$\$", "", prose, flags=re.DOTALL))


def all_pages() -> list[str]:
    return ["index", *mechanisms]


def test_there_is_a_page_a_mechanism_and_no_other() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(all_pages())
    (tree,) = re.findall(r"```\{toctree\}\n(.*?)```", page("index"), flags=re.DOTALL)
    assert [line for line in tree.split() if not line.startswith(":") and line != "1"] == list(mechanisms)
    assert "\ngrowth/index\n" in (PAGES.parent / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", mechanisms)
def test_pages_have_the_same_rooms(name: str) -> None:
    found = re.findall(r"^## (.+)$", page(name), flags=re.MULTILINE)
    assert [heading for heading in found if heading in HEADINGS] == list(HEADINGS)
    assert [heading for heading in found if heading.endswith("step by step")]


@pytest.mark.parametrize("name", mechanisms)
def test_generated_parts_are_all_shown(name: str, parts: types.ModuleType) -> None:
    text = page(name)
    for part in parts.PARTS:
        assert f"```{{include}} ../../reference/generated/growth/{name}-{part}\n" in text
    assert f"```{{image}} ../../reference/generated/growth/{name}.svg\n:alt: " in text


@pytest.mark.parametrize("name", mechanisms)
def test_calibration_has_every_parameter_with_the_symbol_of_the_equations(name: str, parts: types.ModuleType) -> None:
    mechanism: Mechanism = mechanisms[name]
    rows = [line.split(" | ") for line in parts.calibration(name).splitlines() if line.startswith("| `")]
    written = "".join(formulas(page(name))).replace(" ", "").replace("\n", "")
    for row, (parameter, definition) in zip(rows, mechanism.definitions.items(), strict=True):
        symbol = parts.tex(definition.symbol)
        assert row[0] == f"| `{parameter}` ${symbol}$"
        assert symbol.replace(" ", "") in written, f"{parameter}: the page has no {symbol}"
        assert row[1] == parts.number(getattr(mechanism.parameters(), parameter))
        assert definition.meaning.split(";")[0] in row[2]
        assert f"`{definition.bounds}`" in row[2].replace("\xa0", " ")


@pytest.mark.parametrize("name", mechanisms)
def test_calibration_tells_what_variants_change(name: str, parts: types.ModuleType) -> None:
    mechanism: Mechanism = mechanisms[name]
    told = dict(re.findall(r"^- `([\w-]+)`: (.*)$", parts.calibration(name), flags=re.MULTILINE))
    assert tuple(told) == mechanism.variants[1:]
    first = mechanism.parameters().items()
    for variant, text in told.items():
        for parameter, value in mechanism.parameters(variant).items().items():
            moved = parts.number(value) != parts.number(first[parameter])
            assert (f"`{parameter}` {parts.number(value)}" in text) == moved


@pytest.mark.parametrize("name", ["variety-expansion", "feenstra", "baldwin-robert-nicoud", "sampson"])
def test_claims_are_shown_with_verdicts(name: str, parts: types.ModuleType) -> None:
    shown, claims = parts.claims(name), mechanisms[name].claims()
    assert shown.count("\n: *") == len(claims)
    for claim in claims:
        assert f": *{claim.verdict}*" in shown
        assert all(f"**{parts.figure(value)}**" in shown for value in claim.numbers.values())


@pytest.mark.parametrize("name", mechanisms)
def test_what_is_from_memory_is_a_whole_sentence(name: str) -> None:
    mechanism: Mechanism = mechanisms[name]
    assert all(text.endswith(".") for text in (mechanism.provenance, *mechanism.discipline))


@pytest.mark.parametrize("name", all_pages())
def test_examples_run(name: str) -> None:
    """The documentation runs them too; here a failure is found before it is built."""
    found = examples(page(name))
    assert found
    assert name == "index" or any("isclose(" in block for block in found), "a page compares its formula with the code"
    case = doctest.DocTestParser().get_doctest("\n".join(found), {}, name, f"{name}.md", 0)
    told: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS).run(case, out=told.append)
    assert not told, "".join(told)


@pytest.mark.parametrize("name", all_pages())
def test_no_example_is_out_of_reach_of_the_documentation(name: str) -> None:
    inside = "".join(examples(page(name)))
    assert page(name).count("\n>>> ") == ("\n" + inside).count("\n>>> ")


@pytest.mark.parametrize("name", all_pages())
def test_equations_can_be_drawn(name: str, parts: types.ModuleType) -> None:
    pytest.importorskip("docutils")
    from mathml import formula

    for source in formulas(page(name)):
        assert formula(source).startswith("<math")


def test_an_index_stands_beside_a_letter_with_a_dot(parts: types.ModuleType) -> None:
    pytest.importorskip("docutils")
    from mathml import formula

    for source in (r"\dot M_c", r"\hat\theta_B", r"\bar x_i", r"\tilde L_i"):
        shown = re.sub(r"\s*\n\s*", "", formula(source))
        assert "<msub><mover" in shown
        assert "munder" not in shown
    assert "munderover" in formula(r"\sum_i^n x", block=True)


@pytest.mark.parametrize("name", all_pages())
def test_names_in_prose_are_those_of_the_code(name: str) -> None:
    """What looks like a name and has an underscore is a parameter, a variable or a result."""
    prose = re.sub(r"^ *```.*?^ *```", "", page(name), flags=re.DOTALL | re.MULTILINE)
    known = set(UNITS)
    for other in mechanisms:
        known |= set(mechanisms[other].definitions) | set(mechanisms[other].units)
    assert set(re.findall(r"`(\w+_\w+)`", prose)) <= known


def test_the_map_says_what_the_text_says(parts: types.ModuleType) -> None:
    answers = {
        name: [parts.answer(*parts.solved(name, case)) for case in entry.cases] for name, entry in parts.ENTRIES.items()
    }
    assert tuple(answers) == tuple(mechanisms)
    groups = re.findall(r"^- \*\*(.+?)\*\*(.*?)(?=^- |^$)", page("index"), flags=re.DOTALL | re.MULTILINE)
    allowed = {
        "Raises growth of consumption in every line": lambda found: found == {"raises"},
        "Leaves growth of consumption alone in every line": lambda found: found == {"no effect"},
        "Neutral or up": lambda found: found == {"raises", "no effect"},
        "Up or down": lambda found: found >= {"raises", "lowers"},
    }
    placed = {head: re.findall(r"\]\(([\w-]+)\.md\)", text) for head, text in groups}
    assert set(placed) == set(allowed)
    assert sorted(name for names in placed.values() for name in names) == sorted(mechanisms)
    for head, names in placed.items():
        for name in names:
            assert allowed[head](set(answers[name])), (name, answers[name])


def test_the_map_agrees_with_the_claims(parts: types.ModuleType) -> None:
    def sign(name: str, index: int) -> str:
        return str(parts.answer(*parts.solved(name, parts.ENTRIES[name].cases[index])))

    def verdict(name: str, claim: str) -> str:
        return next(c.verdict for c in mechanisms[name].claims() if c.name == claim)

    assert (sign("variety-expansion", 0) == "no effect") == (
        verdict("variety-expansion", "goods-trade-neutral") == "holds"
    )
    assert (sign("national-spillovers", 1) == "lowers") == (verdict("national-spillovers", "laggard-stops") == "holds")
    constant = verdict("baldwin-robert-nicoud", "constant-spillovers-slow-growth")
    assert (sign("baldwin-robert-nicoud", 0) == "lowers") == (constant == "holds")
    # true where capital moves, and not where it does not
    assert verdict("feenstra", "gap-widens") == "holds only if"
    assert [sign("feenstra", i) for i in (0, 1)] == ["lowers", "no effect"]


def test_parts_are_made_once(parts: types.ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def some() -> Iterator[tuple[str, str]]:
        names = [f"{name}-{part}" for name in mechanisms for part in parts.PARTS]
        for name in ("map.inc", *names, *(f"{name}.svg" for name in mechanisms)):
            made.append(name)
            yield name, "text"

    monkeypatch.setattr(parts, "_parts", some)
    parts.write(tmp_path)
    count = len(made)
    parts.write(tmp_path)
    assert len(made) == count > 0
    (tmp_path / "made-by").write_text("other code", encoding="utf-8")
    parts.write(tmp_path)
    assert len(made) == 2 * count


def test_notation_has_names_of_the_code() -> None:
    text = (ROOT / "docs" / "notation.md").read_text(encoding="utf-8").split("## Mechanisms of growth")[1]
    names = set(re.findall(r"^\|.*?\| `(\w+)` \|", text, flags=re.MULTILINE))
    assert len(names) > 15
    assert names <= set(UNITS).union(*(mechanisms[name].definitions for name in mechanisms))


def test_symbols_become_equations(parts: types.ModuleType) -> None:
    cases = {"varsigma_0": r"\varsigma_0", "Omega_jc": r"\Omega_{jc}", "L*": "L^*", "J + 1": "J + 1", "f_e": "f_e"}
    assert {symbol: parts.tex(symbol) for symbol in cases} == cases
    assert parts.tex("1 / kappa") == r"1 / \kappa"


@pytest.mark.parametrize(
    ("name", "variant", "parameter", "told", "found"),
    [
        ("variety-expansion", None, "trade_cost", "home share of 0.77", lambda b: round(b.home_share, 2) == 0.77),
        ("quality-ladders", "costly-trade", "trade_cost", "home share of 0.77", lambda b: round(b["home_share"][0], 2) == 0.77),
        ("partial-spillovers", "heterogeneous", "research_skill", "2.1 times", lambda b: round(b["wage_ratio"], 1) == 2.1),
        ("partial-spillovers", None, "discount_rate", "2.7 per cent", lambda b: round(100 * b.growth, 1) == 2.7),
        ("national-spillovers", None, "rnd_cost", "1.4 per cent", lambda b: round(100 * b.growth, 1) == 1.4),
        ("young", None, "foreign_knowledge", "43 per cent higher", lambda b: round(b["wage"][1], 2) == 1.43),
        ("young", None, "foreign_knowledge", "24 per cent", lambda b: round(b["learning_share"][0], 2) == 0.24),
        ("baldwin-robert-nicoud", None, "trade_cost", "nine tenths", lambda b: round(b.home_share, 1) == 0.9),
        ("peretto-valente", None, "processing_scale", "labour in processing", lambda b: (
            abs(b["processing_labour"] - b.parameters.processing_scale) < 1e-12
        )),
        ("perla-tonetti-waugh", None, "trade_cost", "0.8937", lambda b: round(b.home_share, 4) == 0.8937),
        ("sampson", None, "entry_cost", "1.56 per cent", lambda b: round(100 * b.growth, 2) == 1.56),
        ("sampson", None, "trade_cost", "8.1 per cent", lambda b: round(100 * b["import_share"], 1) == 8.1),
        ("buera-oberfield", None, "arrival_growth", "2 per cent", lambda b: round(100 * b.growth, 6) == 2),
        ("alvarez-buera-lucas", None, "meeting_rate", "2 per cent", lambda b: round(100 * b.growth, 6) == 2),
    ],
)  # fmt: skip
def test_what_a_source_says_of_the_solution_is_so(
    name: str, variant: str | None, parameter: str, told: str, found: Callable[[BalancedGrowth], bool]
) -> None:
    mechanism: Mechanism = mechanisms[name]
    assert told in mechanism.definitions[parameter].source
    assert found(mechanism.solve(mechanism.parameters(variant), variant=variant).value)


def test_young_makes_the_goods_in_autarky_that_its_source_says() -> None:
    young: Mechanism = mechanisms["young"]
    assert "1.0 below to 1.0 above" in young.definitions["scale"].source
    assert round(float(young.solve(regime="autarky").value["utility"][0]) ** 0.5, 1) == 1.0
