#!/usr/bin/env python3
"""Renders what `evlint check fixtures/example` really prints to `docs/example.svg`, for the README.

    cargo build && pip install rich==15.0.0 && python3 docs/picture.py

The first screen of it: the summary and the gaps that fit. Nothing is drawn by hand.
"""

import os
import re
import subprocess
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
LINES = 48  # a tall terminal; cut at the end of a gap
COMMAND = ["target/debug/evlint", "check", "fixtures/example", "--as-of", "2026-01-20", "--color", "always"]
THEME = TerminalTheme(
    (250, 250, 248), (40, 42, 46),
    [(40, 42, 46), (196, 43, 28), (37, 128, 60), (176, 110, 0), (40, 90, 180), (140, 60, 150), (20, 120, 130), (90, 92, 96)],
)


def output():
    env = {**os.environ, "COLUMNS": "80", "TERM": "xterm-256color"}
    done = subprocess.run(COMMAND, cwd=ROOT, env=env, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 1, done.stderr.decode()
    lines = done.stdout.decode().split("\n")
    ends = [n for n in range(LINES + 1) if lines[n] == ""]
    return "\n".join(lines[: ends[-1]])


def main():
    console = Console(record=True, width=82, file=open(os.devnull, "w", encoding="utf-8"), force_terminal=True)
    console.print(Text.from_ansi("$ evlint check fixtures/example\n\n" + output()), no_wrap=True, crop=False)
    svg = console.export_svg(title="evlint", theme=THEME, unique_id="evlint")
    # A picture in a README may not load fonts; the viewer's own must do.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S)
    fonts = "'Sarasa Mono SC', 'Noto Sans Mono CJK SC', Menlo, Consolas, 'Microsoft YaHei', 'PingFang SC', monospace"
    svg = svg.replace("Fira Code, monospace", fonts).replace("font-family: Fira Code", f"font-family: {fonts}")
    (ROOT / "docs" / "example.svg").write_text(svg.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
