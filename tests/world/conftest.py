"""A small world with a country of each kind, with oil and commodities, and simulations of it that several tests read."""

import pytest

from tradewinds.world import WorldShock, read_calibration, simulate_world
from tradewinds.world.template import Country, template_files

COUNTRIES = (
    Country("HOME", "Home", "large_industrial", 0.5),
    Country("ABROAD", "Abroad", "large_industrial", 0.3),
    Country("SMALL", "Small", "small_industrial", 0.1),
    Country("TIGER", "Newly industrialising", "newly_industrialising", 0.05),
    Country("SOUTH", "Developing", "finance_constrained", 0.1),
)
OIL = {"oil_imports_share": {"HOME": 0.012, "ABROAD": 0.008, "SOUTH": 0.01, "SMALL": 0.0, "TIGER": 0.02}}


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """Five countries, one numeraire, every mechanism at work."""
    folder = tmp_path_factory.mktemp("world")
    for name, text in template_files(COUNTRIES, name="small").items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_calibration(folder).with_values(OIL)


@pytest.fixture(scope="session")
def run(small):
    """Simulate the small world, over a horizon that is short enough for tests."""

    def simulate(*shocks, calibration=small, last_year=2050, beyond=60, **settings):
        return simulate_world(calibration, shocks, first_year=2025, last_year=last_year, beyond=beyond, **settings)

    return simulate


@pytest.fixture(scope="session")
def research(run):
    """R&D up by half a per cent of output at home."""
    return run(WorldShock("rnd_spending", 0.005, ("HOME",), start=2025))
