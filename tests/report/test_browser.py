"""The pages in a real browser: nothing is complained of, nothing sticks out on a phone, all of it prints."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from tradewinds.report import render, render_index

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="neither chromium nor google-chrome is installed"),
]

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--enable-logging=stderr",
    "--virtual-time-budget=4000",
]

#: Reports the width of the page and what sticks out of it; a ".scroll" may be wider inside.
MEASURE = """
<script>
addEventListener("load", () => {
  const wide = innerWidth + 0.5;
  const out = [...document.body.querySelectorAll("*")].filter(element => !element.closest(".scroll > *, .skip, .hang")
    && getComputedStyle(element).display !== "none" && element.getBoundingClientRect().right > wide);
  const small = [...document.body.querySelectorAll("p, td, th, li, dd, dt, figcaption, a, span")].filter(element =>
    element.textContent.trim() && parseFloat(getComputedStyle(element).fontSize) < 10.5);
  parent.postMessage({
    page: NAME, inner: innerWidth, scroll: document.documentElement.scrollWidth,
    out: out.map(element => element.outerHTML.slice(0, 80)), small: small.map(element => element.outerHTML.slice(0, 80)),
    contents: getComputedStyle(document.querySelector(".contents")).position,
  }, "*");
});
</script>
"""

FRAMES = """<!doctype html><meta charset="utf-8"><body><pre></pre>
<script>
const found = [];
addEventListener("message", event => {
  found.push(event.data);
  document.querySelector("pre").textContent = JSON.stringify(found);
});
</script>
"""


def browse(tmp_path: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)


def complaints(ended: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in ended.stderr.splitlines() if ":CONSOLE" in line]


@pytest.fixture
def pages(tmp_path, report, papers, scoreboard) -> dict[str, Path]:
    index = render_index(
        "Replications",
        papers,
        scoreboard,
        introduction="Every published number beside ours.",
        failed_checks=["Table 3, Sweden: exact became close"],
        provenance=report.provenance,
        citation_keys=["keller1997"],
    )
    made = {"report": render(report), "index": index}
    for name, text in made.items():
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: tmp_path / f"{name}.html" for name in made}


def test_nothing_sticks_out_on_a_phone_or_a_desk_and_no_text_is_tiny(tmp_path, pages):
    texts = {name: path.read_text(encoding="utf-8") for name, path in pages.items()}
    wanted = [(name, width) for name in pages for width in (390, 1280, 1440)] + [("spoiled", 390)]
    texts["spoiled"] = texts["report"].replace(
        "<h1>", '<p style="width: 50rem; max-width: none; font-size: 8px">tiny</p><h1>'
    )
    frames = FRAMES
    for name, width in wanted:
        copy = tmp_path / f"{name}-{width}.html"
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", texts[name])
        script = MEASURE.replace("NAME", json.dumps(f"{name} {width}"))
        copy.write_text(text.replace("</body>", f"{script}</body>"), encoding="utf-8")
        frames += f'<iframe src="{copy.name}" style="width:{width}px;height:900px;border:0"></iframe>'
    (tmp_path / "frames.html").write_text(frames, encoding="utf-8")
    shown = browse(tmp_path, "--dump-dom", "--window-size=1600,900", tmp_path / "frames.html").stdout
    found = json.loads(html.unescape(re.search(r"<pre>(.*?)</pre>", shown, re.DOTALL)[1]))
    assert sorted(item["page"] for item in found) == sorted(f"{name} {width}" for name, width in wanted)
    spoiled = next(item for item in found if item["page"] == "spoiled 390")  # the measure itself works
    found.remove(spoiled)
    assert spoiled["scroll"] > 390
    assert [element[:8] for element in spoiled["out"]] == ["<p style"]
    assert len(spoiled["small"]) == 1
    for item in found:
        width = int(item["page"].split()[1])
        assert (item["inner"], item["scroll"]) == (width, width), item
        assert item["out"] == []
        assert item["small"] == []
        assert item["contents"] == ("fixed" if width == 1440 else "static")


def test_the_browser_has_nothing_to_complain_of(tmp_path, pages):
    for path in pages.values():
        ended = browse(tmp_path, "--dump-dom", path)
        assert complaints(ended) == []
        assert ended.stdout.count("<section") == path.read_text(encoding="utf-8").count("<section")
    # what the policy is for: a script that found its way in does not run, and the browser says so
    spoiled = tmp_path / "spoiled.html"
    text = pages["report"].read_text(encoding="utf-8")
    spoiled.write_text(text.replace("</main>", "<script>document.title = 'run'</script></main>"), encoding="utf-8")
    ended = browse(tmp_path, "--dump-dom", spoiled)
    assert "Content Security Policy" in complaints(ended)[0]
    assert "<title>run</title>" not in ended.stdout


@pytest.mark.parametrize("name", ["report", "index"])
def test_a_page_prints_whole_with_its_banners(tmp_path, pages, name):
    paper = tmp_path / f"{name}.pdf"
    browse(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={paper}", pages[name])
    content = paper.read_bytes()
    assert content.startswith(b"%PDF-")
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", content)) <= 8
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
        first = text.split("\f")[0]
        assert "A check failed." in first
        assert "Stand-in data." in first
        assert "Keller, Wolfgang (1997)" in text
        wanted = ["Exporter", "Sweden", "stand-in data"] if name == "report" else ["not reproduced", "divides by"]
        assert [word for word in wanted if word not in text] == []


def test_banners_are_in_colour_and_the_page_is_not_blank(tmp_path, pages):
    picture = tmp_path / "report.png"
    browse(tmp_path, "--window-size=1280,1600", f"--screenshot={picture}", pages["report"])
    pixels = np.rint(imread(picture)[..., :3] * 255).astype(int).reshape(-1, 3)
    for colour in ((0xFD, 0xF6, 0xE7), (0xFD, 0xF1, 0xEF), (0xA3, 0x2A, 0x1C), (0x8A, 0x5A, 0x00), (0x1A, 0x1A, 0x1A)):
        assert (pixels == colour).all(axis=1).sum() > 500, colour
