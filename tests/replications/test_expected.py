"""The stored scoreboard sees a number that moves and a status that falls."""

from __future__ import annotations

import pandas as pd
import pytest

from tradewinds.replications import PAPERS, expected, read_targets
from tradewinds.replications.__main__ import main
from tradewinds.replications.expected import EXPECTED_FILE, compare_with_expected, moved, record_expected
from tradewinds.report import SCOREBOARD_COLUMNS, read_scoreboard


def board(value, status="exact"):
    row = ("keller", "Table 1", "CAN", "estimate", "0.101", value, "", "", status, "a note")
    return pd.DataFrame([row], columns=list(SCOREBOARD_COLUMNS))


def test_moves_beyond_rounding_are_named():
    assert moved(board(0.101), board(0.101 * (1 + 1e-8))) == []
    assert moved(board("0.101"), board(0.102)) == ["Table 1, CAN, estimate: was 0.101, is 0.102"]
    assert len(moved(board(0.101), board(float("nan")))) == 1


@pytest.fixture
def one_paper(monkeypatch, tmp_path):
    now = {"board": board(0.101)}
    (tmp_path / "keller").mkdir()
    monkeypatch.setattr(expected, "_folder", lambda paper: tmp_path / paper)
    monkeypatch.setattr(expected, "PAPERS", {"keller": ""})
    monkeypatch.setattr(expected, "_scoreboard", lambda paper, progress: now["board"])
    record_expected()
    return now


def test_recorded_then_compared(one_paper, capsys):
    assert compare_with_expected() == [] and main(["--check"]) == 0
    one_paper["board"] = board(0.2, "qualitative")
    found = compare_with_expected()
    assert found[0] == "keller: Table 1, CAN, estimate: status was exact, is qualitative"
    assert found[1].endswith("was 0.101, is 0.2")
    assert main(["--check"]) == 1 and main([]) == 2 and main(["--chek"]) == 2
    assert "2 numbers moved" in capsys.readouterr().out


def test_a_replication_made_before_is_compared_without_another_run(one_paper, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(expected, "_scoreboard", None)
    folder = tmp_path / "replication"
    assert main(["--check", str(folder)]) == 2
    assert "there is no" in capsys.readouterr().err
    folder.mkdir()
    for now, code in ((board(0.101), 0), (board(0.102), 1), (board(0.101, "close"), 1), (board(0.101).iloc[:0], 1)):
        now.to_csv(folder / "scoreboard.csv", index=False)
        assert main(["--check", str(folder)]) == code
    assert "status was exact, is missing" in capsys.readouterr().out


def test_an_installed_copy_records_nothing(one_paper, monkeypatch, tmp_path, capsys):
    before = (tmp_path / "keller" / EXPECTED_FILE).read_bytes()
    one_paper["board"] = board(0.2)
    monkeypatch.setattr("tradewinds.__file__", str(tmp_path / "site-packages" / "tradewinds" / "__init__.py"))
    assert main(["--record"]) == 2
    assert "installed copy" in capsys.readouterr().err
    assert (tmp_path / "keller" / EXPECTED_FILE).read_bytes() == before


def test_one_paper_can_be_recorded_alone(one_paper, tmp_path, capsys):
    one_paper["board"] = board(0.3)
    assert main(["--record", "keller"]) == 0
    assert "0.3" in (tmp_path / "keller" / EXPECTED_FILE).read_text()
    assert main(["--record", "kellar"]) == 2
    assert "Did you mean" in capsys.readouterr().err


@pytest.mark.parametrize("paper", PAPERS)
def test_stored_scoreboard_covers_every_target(paper):
    stored = read_scoreboard(expected._folder(paper) / EXPECTED_FILE)
    targets = read_targets(paper)
    key = ["exhibit", "row", "column"]
    pd.testing.assert_frame_equal(stored[key], targets[key])
    assert (stored["status"] == targets["status"]).all()
