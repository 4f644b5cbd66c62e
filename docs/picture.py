#!/usr/bin/env python3
"""Draws what `evlint check fixtures/example` really prints as `docs/example.svg`, for the README.

    cargo build && python3 docs/picture.py   (EVLINT names another binary)

The first screen of it. Every word and every wide character gets its own place, as in a terminal, and
frames are drawn as lines: so the picture looks the same whatever fonts its viewer has.
"""

import html
import os
import re
import subprocess
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [os.environ.get("EVLINT", "target/debug/evlint"), "check", "fixtures/example", "--as-of", "2026-01-20", "--color", "always"]
LINES = 46  # at most; cut where a gap ends
COLUMNS = 80
WIDE, HIGH, SIZE, EDGE = 8.4, 19, 14, 18  # a cell, the letters in it, the margin; in pixels
FONTS = "Menlo, Consolas, 'DejaVu Sans Mono', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', monospace"
PLAIN, PAPER = "#24292f", "#fbfbf9"
INKS = {"31": "#c0281a", "32": "#1f7a3a", "33": "#9a6100", "36": "#157580", "2": "#767b82"}
# Frames: strokes within a cell of 1 by 1, from its top left corner.
STROKES = {
    "─": "M0 .5H1", "│": "M.5 0V1", "╭": "M.5 1V.7Q.5 .5 1 .5", "╰": "M.5 0V.3Q.5 .5 1 .5",
    "┬": "M0 .5H1M.5 .5V1", "╯": "M.5 0V.3Q.5 .5 0 .5", "╮": "M.5 1V.7Q.5 .5 0 .5",
}
BLOCKS = {"█": 1, "▓": 0.7, "▒": 0.5, "░": 0.35}  # how much of the ink


def output():
    env = {**os.environ, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    env.pop("NO_GRAPHICS", None)
    done = subprocess.run(COMMAND, cwd=ROOT, env=env, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 1:
        raise SystemExit(done.stderr.decode())
    lines = done.stdout.decode().split("\n")
    end = max(n for n in range(LINES) if lines[n] == "")
    return ["$ evlint check fixtures/example", "", *lines[:end]]


def runs(line):
    """Text with its colour and whether it is bold (ECMA-48, select graphic rendition)."""
    ink, bold = PLAIN, False
    for codes, text in re.findall(r"\x1b\[([0-9;]*)m|([^\x1b]+)", line):
        if text:
            yield text, ink, bold
        elif codes in ("", "0"):
            ink, bold = PLAIN, False
        elif codes == "1":
            bold = True
        else:
            ink = INKS[codes]


def shifted(path, column, row):
    """A stroke of a cell in the picture's own pixels."""
    out = []
    for command, numbers in re.findall(r"([MHVQ])([^MHVQ]*)", path):
        values = [float(number) for number in numbers.split()]
        across = [command == "H" or (command != "V" and n % 2 == 0) for n in range(len(values))]
        places = [(EDGE + (column + v) * WIDE) if x else (EDGE + (row + v) * HIGH) for v, x in zip(values, across)]
        out.append(command + " ".join(f"{place:.1f}" for place in places))
    return "".join(out)


def draw(lines):
    parts = []
    for row, line in enumerate(lines):
        column = 0
        for text, ink, bold in runs(line):
            letters, strokes = [], []  # letters: (column, width, text)
            for char in text:
                width = 2 if unicodedata.east_asian_width(char) in "WF" else 1
                if char in STROKES:
                    strokes.append(shifted(STROKES[char], column, row))
                elif char in BLOCKS:
                    x, y = EDGE + column * WIDE, EDGE + row * HIGH + 4
                    parts.append(f'<rect x="{x:.1f}" y="{y}" width="{WIDE}" height="{HIGH - 8}" fill="{ink}" opacity="{BLOCKS[char]}"/>')
                elif char != " ":
                    after = letters and letters[-1][0] + len(letters[-1][2]) == column
                    if after and letters[-1][1] == width == 1:
                        letters[-1][2] += char
                    else:
                        letters.append([column, width, char])
                column += width
            if strokes:
                parts.append(f'<path d="{"".join(strokes)}" stroke="{ink}" fill="none"/>')
            if letters:
                weight = ' font-weight="bold"' if bold else ""
                spans = "".join(f'<tspan x="{EDGE + at * WIDE:.1f}">{html.escape(word)}</tspan>' for at, _, word in letters)
                parts.append(f'<text y="{EDGE + row * HIGH + SIZE}" fill="{ink}"{weight}>{spans}</text>')
    width, height = COLUMNS * WIDE + 2 * EDGE, len(lines) * HIGH + 2 * EDGE
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}" font-family="{FONTS}" font-size="{SIZE}">'
    paper = f'<rect width="100%" height="100%" rx="8" fill="{PAPER}" stroke="#d0d3d8"/>'
    return "\n".join([head, "<title>evlint check fixtures/example</title>", paper, *parts, "</svg>", ""])


if __name__ == "__main__":
    (ROOT / "docs" / "example.svg").write_text(draw(output()), encoding="utf-8")
