"""Reads a filled form back with python-docx or openpyxl and holds every cell against the report and the standard.

    form_read.py FORM REPORT.json CLAUSES.json EVLINT.json

Prints what differs and exits with 1; exits with 3 where the module is missing.
"""

import json
import sys

try:
    import docx
    import openpyxl
except ImportError as error:
    print(error)
    sys.exit(3)

form, report, clauses, config = sys.argv[1], *(json.load(open(name, encoding="utf-8")) for name in sys.argv[2:5])


def of_docx(name):
    """Tables of rows of texts; a merged cell is repeated in what it covers."""
    document = docx.Document(name)
    header = document.tables[1].rows[0]._tr
    assert header.trPr is not None and header.trPr.xpath("./w:tblHeader"), "the header row repeats"
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    for table in document.tables:
        for row in table.rows:
            yield [cell.text for cell in row.cells]
    yield texts


def of_xlsx(name):
    sheet = openpyxl.load_workbook(name).active
    assert sheet.print_title_rows, "the header row repeats"
    merged = {}
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row, area.max_row + 1):
            for column in range(area.min_col, area.max_col + 1):
                merged[row, column] = sheet.cell(area.min_row, area.min_col).value
    for row in sheet.iter_rows():
        yield [merged.get((cell.row, cell.column), cell.value) or "" for cell in row]


rows = list(of_docx(form) if form.endswith(".docx") else of_xlsx(form))
wrong = []


def same(what, found, expected):
    if found != expected:
        wrong.append(f"{what}: expected {expected!r}, found {found!r}")


header = next(index for index, row in enumerate(rows) if row[: len(clauses["columns"])] == clauses["columns"])
everything = "\n".join(text for row in rows for text in row)
same("title", clauses["form"] in everything, True)
level = {1: "一级", 2: "二级", 3: "三级"}[config["level"]]
year, month, day = (int(part) for part in config["assessed_on"].split("-"))
values = [config["organization"], level, f"{year}年{month}月{day}日", "、".join(config["assessors"])]
for label, value in zip(clauses["header"], values):
    row = next(row for row in rows if label in row)
    after = [text for text in row[row.index(label) :] if text != label]
    same(label, after[0], value)
same("conclusion", clauses["conclusion"].replace("____级", level) in everything, True)
same("pledge", clauses["pledge"] in everything, True)

numbered = {}
for row in rows[header + 1 :]:
    if row[0].isdigit() and int(row[0]) in numbered:
        numbered[int(row[0])][5] += "\n" + row[5]  # a long list goes on below
    elif row[0].isdigit():
        numbered[int(row[0])] = list(row)
boxes = {
    "satisfied": "☑符合\n☐不符合",
    "unsatisfied": "☐符合\n☑不符合",
    "needs_review": "☐符合\n☐不符合",
    "waived": "☐符合\n☐不符合",
    "not_applicable": "不适用",
}
found = {clause["no"]: clause for clause in report["clauses"]}
files = {file["path"]: file for file in report["files"]}
for clause in clauses["clauses"]:
    no = clause["no"]
    row = numbered[no]
    prefix = clauses["level_prefix"][",".join(str(level) for level in clause["levels"])]
    suffix = clauses["surveillance_suffix"] if clause["surveillance_only"] else ""
    verdict = found[no]["verdict"]
    same(f"{no} stage", row[1], clause["stage"])
    same(f"{no} clause", row[2], prefix + clause["clause"] + suffix)
    same(f"{no} evidence", row[3], clause["materials"])
    same(f"{no} conclusion", row[4], boxes[verdict])
    documents = row[5]
    if verdict == "not_applicable":
        same(f"{no} says why", documents.startswith("不适用：") and "不要求" in documents, True)
    for material in found[no]["materials"]:
        for path in material["files"]:
            folder, _, name = path.rpartition("/")
            same(f"{no} lists {path}", name in documents and f"{folder}/" in documents, True)
            if files[path]["dates"]["document"]:
                same(f"{no} dates {path}", files[path]["dates"]["document"] in documents, True)
    if verdict in ("needs_review", "waived", "unsatisfied"):
        same(f"{no} has a note", "注：" in documents, True)
for area in clauses["rectification"]:
    same(f"{area['no']} title", numbered[area["no"]][1], area["title"])
    for no in area["entry_rows"]:
        same(f"{no} is there", no in numbered, True)
for prior in config["prior_findings"]:
    same(prior["id"], any(row[1] == f"{prior['id']}：{prior['text']}" for row in numbered.values()), True)

print("\n".join(wrong))
sys.exit(1 if wrong else 0)
