#!/usr/bin/env python3
"""Puts documents of `fixtures/` where each target begins: containers taken apart, as `src/input.rs` puts them together.

    python3 fuzz/seeds.py [FOLDER ...]

More folders of documents may be named; they are walked. What lands in `fuzz/seeds/` is not committed.
"""

import io
import pathlib
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
TARGETS = {
    "ofd": ["ofd"], "odf": ["odt", "ods", "odp"], "vsdx": ["vsdx"], "ole": ["msg", "xls", "doc", "ppt"],
    "rtf": ["rtf"], "mail": ["eml"], "archive": ["zip", "7z", "rar"],
}
# A fuzzer gets further with what is short.
LARGEST, LARGEST_PART = 24 << 10, 8 << 10
UNREAD = (".png", ".jpg", ".jpeg", ".ttf", ".otf", ".xsd", ".gif", ".emf", ".jb2", ".tif", ".rdf")


def parts_of_zip(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if not info.is_dir() and not info.filename.endswith(UNREAD):
                yield info.filename, archive.read(info)


def parts_of_compound(data):
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as file:
        for path in file.listdir():
            yield "/".join(path), file.openstream(path).read()


def apart(target, data):
    """An input made of parts, or the data itself."""
    if target in ("ofd", "odf", "vsdx"):
        parts = parts_of_zip(data)
    elif target == "ole":
        parts = parts_of_compound(data)
    else:
        return data
    return b"\n".join(b"%%part " + name.encode() + b"\n" + part[:LARGEST_PART] for name, part in parts)


def main():
    folders = [HERE.parent / "fixtures", *map(pathlib.Path, sys.argv[1:])]
    for target, extensions in TARGETS.items():
        out = HERE / "seeds" / target
        out.mkdir(parents=True, exist_ok=True)
        files = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix.lower()[1:] in extensions)
        for number, path in enumerate(files):
            try:
                seed = apart(target, path.read_bytes())
            except Exception as error:  # a damaged document among those of others
                print(f"{path}: {error}", file=sys.stderr)
                continue
            if len(seed) <= LARGEST:
                (out / f"{number:04}").write_bytes(seed)
        print(target, len(list(out.iterdir())))


main()
