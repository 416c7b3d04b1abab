"""What every table of a study file has in common."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

__all__ = ["Strict", "refuse", "together"]


class Strict(BaseModel):
    """A table whose keys are all known and whose values are what they say."""

    # Strict: "20" is not 20, nor is 1 true; a file that says something else than it means is best mended at once.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, strict=True, allow_inf_nan=False)


def together(text: str) -> PydanticCustomError:
    """Return the error of a value that is of the right type, in a sentence of its own."""
    return PydanticCustomError("together", "{text}", {"text": text})


def refuse(problems: Iterable[tuple[tuple[str | int, ...], str]]) -> None:
    """Raise with keys, as paths from this table, and sentences, if there are any.

    Raises
    ------
    ValidationError
    """
    details = [InitErrorDetails(type=together(text), loc=loc, input="") for loc, text in problems]
    if details:
        raise ValidationError.from_exception_data("study", details)
