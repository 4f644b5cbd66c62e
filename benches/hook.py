#!/usr/bin/env python3
"""How long a commit hook takes, beside `git status` in the same folder in the same run.

    cargo build --release
    benches/hook.py [--evlint target/release/evlint] [--files 10000] [--projects 20] [--runs 9] [--tree FOLDER]

Grows a git repository out of fixtures/example (or takes a copy of FOLDER, which has an evlint.json), commits it,
changes one document and stages it. Then takes turns: `git status`, and the hook, `evlint check --staged --since HEAD`,
with a warm cache. Prints medians and their ratio; ends with 1 where the ratio is above the bar.
"""

import argparse
import json
import os
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
BAR = 3.0
TEXT = {".txt", ".csv", ".md", ".html", ".htm", ".eml"}


def unique(data, suffix, number):
    """The same document with bytes of its own, so that no cache entry serves two."""
    mark = b"copy-%d" % number
    if data[:2] == b"PK":
        end = data.rfind(b"PK\x05\x06")
        if end >= 0 and end + 22 == len(data):
            return data[: end + 20] + struct.pack("<H", len(mark)) + mark
    if data[:5] == b"%PDF-":
        return data + b"\n%" + mark + b"\n"
    if suffix in TEXT:
        return data + b"\n" + bytes(b" \t"[number >> bit & 1] for bit in range(24)) + b"\n"
    return data + mark


def grow(top, files, projects):
    source = HERE / "fixtures/example"
    originals = [path for path in sorted(source.rglob("*")) if path.is_file() and path.stat().st_size > 200]
    contents = [(path.relative_to(source), path.read_bytes()) for path in originals if path.name != "evlint.json"]
    folders = [[] for _ in range(projects)]
    for number in range(files):
        copy, (name, data) = number // len(contents), contents[number % len(contents)]
        if number % len(contents) == 0:
            folders[copy % projects].append(f"{copy:04d}")
        path = top / f"{copy:04d}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(unique(data, path.suffix.lower(), number))
    config = json.loads((source / "evlint.json").read_text(encoding="utf-8"))
    config.pop("$schema", None)
    project = config["projects"][0]
    config["projects"] = [{**project, "name": f"{project['name']} {n}", "path": paths} for n, paths in enumerate(folders) if paths]
    (top / "evlint.json").write_text(json.dumps(config, ensure_ascii=False, indent=1), encoding="utf-8")


def change_one(top):
    """A line more in one text: a commit that makes nothing worse."""
    text = next(path for path in sorted(top.rglob("*")) if path.suffix in {".md", ".txt", ".csv"} and ".git" not in path.parts)
    with text.open("ab") as file:
        file.write("\n补充一行\n".encode())


def timed(command, folder, environment):
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return time.perf_counter() - start, done


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--evlint", default=HERE / "target/release/evlint", type=Path)
    arguments.add_argument("--files", default=10_000, type=int)
    arguments.add_argument("--projects", default=20, type=int)
    arguments.add_argument("--runs", default=9, type=int)
    arguments.add_argument("--tree", type=Path)
    asked = arguments.parse_args()

    with tempfile.TemporaryDirectory(prefix="evlint-bench-") as place:
        top = Path(place) / "repository"
        if asked.tree:
            shutil.copytree(asked.tree, top, ignore=shutil.ignore_patterns(".git"))
        else:
            top.mkdir()
            grow(top, asked.files, asked.projects)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        environment |= {"XDG_CACHE_HOME": str(Path(place) / "cache"), "GIT_CONFIG_GLOBAL": os.devnull}
        git = lambda *words: subprocess.run(["git", *words], cwd=top, env=environment, check=True, stdout=subprocess.DEVNULL)
        git("init", "-q")
        git("add", "-A")
        git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "one")
        change_one(top)
        git("add", "-A")

        status = ["git", "status"]
        hook = [str(asked.evlint.resolve()), "check", "--staged", "--since", "HEAD"]
        cold, done = timed(hook, top, environment)
        if done.returncode > 1:
            sys.exit(done.stderr.decode())
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=top, env=environment, stdout=subprocess.PIPE, check=True)
        timed(status, top, environment)
        times = {"git status": [], "hook": []}
        for _ in range(asked.runs):
            times["git status"].append(timed(status, top, environment)[0])
            times["hook"].append(timed(hook, top, environment)[0])
        median = {name: statistics.median(seconds) for name, seconds in times.items()}
        ratio = median["hook"] / median["git status"]
        print(f"{listed.stdout.count(bytes(1)):>8} files, {os.cpu_count()} cores, median of {asked.runs} runs")
        print(f"{cold * 1000:>8.0f} ms  hook, cold")
        for name, seconds in median.items():
            print(f"{seconds * 1000:>8.1f} ms  {name} ({min(times[name]) * 1000:.1f} to {max(times[name]) * 1000:.1f})")
        print(f"{ratio:>8.2f}     ratio; the bar is {BAR}")
        sys.exit(0 if ratio <= BAR else 1)


if __name__ == "__main__":
    main()
