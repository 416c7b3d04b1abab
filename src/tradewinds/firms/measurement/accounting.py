"""The accounting of Table 2 of Melitz and Trefler (2012): what the Canada-U.S. agreement added to Canadian productivity.

4.1 + 4.3 + 3.5 + 1.4 + 0.5 = 13.8 per cent of labour productivity in manufacturing. Four of the five and the total are
in the paper's text; the fourth is in the printed table alone, and here it is what the total leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tradewinds.errors import InputError
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Channel", "ProductivityAccount", "aggregate_effect", "canada_us_account"]


@dataclass(frozen=True)
class Channel:
    """One line of an account.

    Attributes
    ----------
    name : str
    kind : str
        Group that it is summed in: ``between plants``, ``within plants`` or another.
    value : float
        Per cent of aggregate productivity.
    status : str
        ``in the text``, or how it was found where it is not.
    derivation : str
    """

    name: str
    kind: str
    value: float
    status: str
    derivation: str = ""


@dataclass(frozen=True)
class ProductivityAccount:
    """Channels that add up to a total.

    Attributes
    ----------
    title : str
    channels : tuple of Channel
    stated_total : float, optional
        The total that the source states; the account may not miss it.
    """

    title: str
    channels: tuple[Channel, ...]
    stated_total: float | None
    citation_keys: tuple[str, ...]

    @property
    def total(self) -> float:
        """Sum of the channels, per cent."""
        return float(np.sum([channel.value for channel in self.channels]))

    @property
    def residual(self) -> float:
        """Sum less the stated total; NaN where none is stated."""
        return float("nan") if self.stated_total is None else self.total - self.stated_total

    def subtotals(self) -> dict[str, float]:
        """Return the sum of each kind, in the order of the channels."""
        kinds = dict.fromkeys(channel.kind for channel in self.channels)
        return {kind: float(np.sum([c.value for c in self.channels if c.kind == kind])) for kind in kinds}

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: channels, subtotals and the total."""
        rows = [("contribution", c.value, c.name, c.kind, c.status) for c in self.channels]
        rows += [("subtotal", value, "", kind, "") for kind, value in self.subtotals().items()]
        rows.append(("total", self.total, "", "", ""))
        frame = pd.DataFrame(rows, columns=["variable", "value", "channel", "kind", "status"])
        return tidy_frame(frame.assign(unit="per cent of productivity"), ["channel", "kind", "status"])

    def summary(self) -> str:
        """Return the account as text."""
        lines = [self.title]
        for c in self.channels:
            how = "; ".join(filter(None, [c.status, c.derivation]))
            lines += [f"  {c.value:5.1f}  {c.name} ({how})"]
        lines += [f"  {value:5.1f}  {kind}, together" for kind, value in self.subtotals().items()]
        return "\n".join([*lines, f"  {self.total:5.1f}  total"])

    def plot(self, *, source: str = "") -> Figure:
        """Return a figure of the channels, those that are not in the text hatched."""
        from tradewinds.firms.measurement.figures import new_figure, wrapped
        from tradewinds.plotting import COLOURS, add_source, style

        at = np.arange(len(self.channels))[::-1]
        with style():
            figure, (axis,) = new_figure()
            for status in dict.fromkeys(channel.status for channel in self.channels):
                rows = [(y, c.value) for y, c in zip(at, self.channels, strict=True) if c.status == status]
                hatch = "" if status == "in the text" else "//"
                places, values = zip(*rows, strict=True)
                axis.barh(places, values, color=COLOURS[5], edgecolor="black", hatch=hatch, label=status)
            axis.set_yticks(at, [wrapped(channel.name, 28) for channel in self.channels])
            axis.set(title=wrapped(f"{self.title}: {self.total:.1f}", 48), xlabel="per cent of productivity")
            axis.legend()
            add_source(figure, source or "Melitz and Trefler (2012), Table 2 and text.")
        return figure


def aggregate_effect(effect: float, output_share: float) -> float:
    """Return what a gain of some plants adds to the aggregate: per cent times their share of output.

    Exact for output per worker where these plants' workers stay the same; the share is that before the gain.

    Parameters
    ----------
    effect : float
        Per cent.
    output_share : float
        Between 0 and 1.

    Raises
    ------
    InputError
        If the share is not between 0 and 1.

    Examples
    --------
    >>> round(aggregate_effect(15.3, 0.23), 3)
    3.519
    """
    if not 0 <= output_share <= 1:
        raise InputError(f"output_share is {output_share!r}; it must be a share between 0 and 1, such as 0.23")
    if not np.isfinite(effect):
        raise InputError(f"effect is {effect!r}; it must be a number of per cent, such as 15.3")
    return effect * output_share


def canada_us_account(extra: Iterable[Channel] = ()) -> ProductivityAccount:
    """Return the account of the paper's Table 2.

    Parameters
    ----------
    extra : iterable of Channel
        Lines of one's own to add; the total is then no longer compared with the paper's.

    References
    ----------
    Melitz and Trefler (2012), Table 2 and the sections on variety, reallocation and within-plant productivity.

    Examples
    --------
    >>> account = canada_us_account()
    >>> round(account.total, 1), round(abs(account.residual), 12)
    (13.8, 0.0)
    >>> {kind: round(value, 1) for kind, value in account.subtotals().items()}
    {'between plants': 8.4, 'within plants': 5.4}
    """
    text = "in the text"
    between, within = "between plants", "within plants"
    rest = 13.8 - (4.1 + 4.3 + 3.5 + 0.5)
    channels = (
        Channel("exporters grow (U.S. tariff cuts)", between, 4.1, text),
        Channel("least productive plants leave (Canadian tariff cuts)", between, 4.3, text, "of 5.8 for industries"),
        Channel("new exporters invest", within, 3.5, text, f"15.3 x 0.23 = {aggregate_effect(15.3, 0.23):.3f}"),
        Channel("existing exporters invest", within, round(rest, 10), "not in the text", "what the total leaves"),
        Channel("access to U.S. inputs", within, 0.5, text),
    )
    added = tuple(extra)
    return ProductivityAccount(
        "Canadian labour productivity in manufacturing, effect of the free trade agreement",
        channels + added,
        None if added else 13.8,
        ("melitz-trefler2012", "lileeva-trefler2010", "trefler2004"),
    )
