"""Parts of the pages that are read off the code, so that they cannot disagree with it."""

from __future__ import annotations

import html
import types
import typing
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import mechanism_parts
from pydantic import BaseModel
from pydantic_core import PydanticUndefined


def write(folder: Path) -> None:
    """Write every part into a folder; files that would not change keep their time, so that builds stay incremental."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {
        "study-keys": study_keys(),
        "panel-format": panel_format(),
        "command-line": command_line(),
        "bibliography": bibliography(),
        "datasets": bundled_data(),
        "statuses": statuses(),
    }
    for name, text in parts.items():
        target = folder / f"{name}.inc"
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
    mechanism_parts.write(folder / "growth")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", r"\|") for cell in line) + " |" for line in lines) + "\n"


def study_keys() -> str:
    """Return the keys of each table of a study file, as lists of definitions."""
    from tradewinds.study import Study

    parts, shown = [], {}
    for path, model in _tables(Study, ""):
        if model in shown:
            parts.append(f"## `{path}`\n\nKeys as in `{shown[model]}`.\n")
            continue
        shown[model] = path
        keys = [
            f"`{field.alias or name}`\n: {_sentence(field.description or '')} {_allowed(field)}; {_default(field)}.\n"
            for name, field in model.model_fields.items()
            if _inner(field.annotation) is None
        ]
        heading = f"`{path}`" if path else "Top of the file"
        parts.append("\n".join([f"## {heading}", "", (model.__doc__ or "").strip(), "", *keys]))
    return "\n".join(parts)


def _sentence(text: str) -> str:
    return text and f"{text[0].upper()}{text[1:]}."


def _tables(model: type[BaseModel], path: str) -> Iterator[tuple[str, type[BaseModel]]]:
    yield path, model
    inside = path.strip("[]")
    for name, field in model.model_fields.items():
        inner = _inner(field.annotation)
        if inner is not None:
            full = f"{inside}.{name}" if inside else name
            yield from _tables(inner, f"[[{full}]]" if _is_list(field.annotation) else f"[{full}]")


def _inner(annotation: Any) -> type[BaseModel] | None:
    """Return the table that an annotation is, or a list of, or either with another kind."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((kind for part in typing.get_args(annotation) if (kind := _inner(part))), None)


def _is_list(annotation: Any) -> bool:
    """Whether an annotation is a list of tables, or that or nothing."""
    parts = (annotation, *typing.get_args(annotation))
    return any(typing.get_origin(part) is list and _inner(part) is not None for part in parts)


def _allowed(field: Any) -> str:
    text = _kind(field.annotation)
    signs = (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<"))
    bounds = [
        f"{sign} {getattr(limit, name):,}" for limit in field.metadata for name, sign in signs if hasattr(limit, name)
    ]
    return ", ".join([text, *bounds])


def _kind(annotation: Any) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return " or ".join(f"`{_toml(value)}`" for value in arguments)
    if origin in (typing.Union, types.UnionType):
        first, *others = (_kind(part) for part in arguments if part is not type(None))
        return " or ".join([first, *(other[0].lower() + other[1:] for other in others)])
    if origin is typing.Annotated:
        return _kind(arguments[0])
    if origin is dict and arguments[1] is Any:
        return "Table of numbers, lists of numbers or lists of rows, by name"
    if origin is dict and typing.get_origin(arguments[1]) is dict:
        inner = _kind(typing.get_args(arguments[1])[1]).lower().replace("list of", "lists of")
        return f"Tables by name, of {inner if inner.endswith('s') else inner + 's'} by name"
    if origin is dict:
        return f"table of {_kind(arguments[1]).lower()}s by name"
    if origin is list:
        inner = _kind(arguments[0]).lower()
        return f"List of {inner if inner.endswith(('text', '`', 's')) else inner + 's'}"
    names = {"str": "Text", "int": "Whole number", "float": "Number", "bool": "`true` or `false`", "Any": "Value"}
    return names[annotation.__name__]


def _default(field: Any) -> str:
    if field.default is PydanticUndefined:
        return "needed"
    return "optional" if field.default in (None, "", []) else f"default `{_toml(field.default)}`"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def panel_format() -> str:
    """Return the long format of a user's panel: a row a variable, with the labels its rows carry."""
    from tradewinds.data import format_table

    rows = []
    for row in format_table().to_dict("records"):
        given = [name for name in ("country", "partner", "industry", "year") if row[name] == "yes"]
        free = [f"({name})" for name in ("industry", "year") if row[name] == "optional"]
        meaning = f"{row['what']}; {row['unit']}; {row['value']}"
        rows.append((f"`{row['variable']}`", meaning, ", ".join([*given, *free]), row["needed"]))
    return table(("variable", "meaning, unit, allowed values", "labels", "needed"), rows)


def command_line() -> str:
    """Return every command with its arguments and options."""
    import typer.main

    from tradewinds.cli.main import app

    parts = []
    for words, command in _commands(typer.main.get_command(app), ("tradewinds",)):
        shown = [parameter for parameter in command.params if parameter.name != "help"]
        arguments = [_placeholder(parameter) for parameter in shown if parameter.param_type_name == "argument"]
        usage = " ".join([*words, *(["[OPTIONS]"] if len(arguments) < len(shown) else []), *arguments])
        rows = [
            (
                f"`{', '.join(p.opts) if p.param_type_name == 'option' else _placeholder(p)}`",
                getattr(p, "help", "") or "",
                "needed" if p.required else "" if p.default in (None, False) else f"`{p.default}`",
            )
            for p in shown
        ]
        options = table(("argument or option", "meaning", "default"), rows) if rows else ""
        parts.append(f"## `{' '.join(words)}`\n\n{command.help}\n\n```text\n{usage}\n```\n\n{options}")
    return "\n".join(parts)


def _placeholder(parameter: Any) -> str:
    return parameter.metavar or parameter.name.upper()


def _commands(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield words, command
        return
    for name, child in children.items():
        yield from _commands(child, (*words, name))


def bibliography() -> str:
    """Return the reference list, by key."""
    from tradewinds.citations import entries
    from tradewinds.report.references import format_reference

    lines = []
    for key, bibtex in sorted(entries().items()):
        text = str(format_reference(bibtex)).replace("<em>", "*").replace("</em>", "*")
        lines.append(f"`{key}`\n: {html.unescape(text)}\n")
    return "\n".join(lines)


def bundled_data() -> str:
    """Return what is bundled, with sources."""
    from tradewinds.data import datasets

    rows = [(f"`{entry.name}`", entry.kind, entry.title, entry.source) for entry in datasets()]
    return table(("name", "kind", "title", "source"), rows)


def statuses() -> str:
    """Return what the statuses of the scoreboard claim."""
    from tradewinds.report.scoreboard import STATUS_MEANINGS

    return table(("status", "meaning"), [(f"**{status}**", says) for status, says in STATUS_MEANINGS.items()])
