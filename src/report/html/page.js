"use strict";
// What the page does beyond showing itself: filters, the table of files, opening what is pointed at.
// Texts from the evidence are set as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const CHUNK = 100;
  const PRINTED = 1000;

  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined && text !== null) element.textContent = text;
    return element;
  };
  const say = (sentence, n, total) =>
    sentence.replace("{n}", n.toLocaleString("en")).replace("{total}", (total ?? 0).toLocaleString("en"));
  const terms = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (text, wanted) => wanted.every((term) => text.includes(term));

  // Clauses.
  const form = document.getElementById("clause-filters");
  const clauses = [...document.querySelectorAll("tbody.clause")].map((body) => ({
    body,
    verdict: body.dataset.verdict,
    details: body.querySelector("details"),
    parts: [...body.querySelectorAll(".slot, .material > .findings > .finding")].map((element) => ({
      element,
      group: element.dataset.group,
      grade: Number(element.dataset.grade),
    })),
    materials: [...body.querySelectorAll(".material")],
    text: "",
  }));
  const stages = [...document.querySelectorAll("tbody.begins")];
  const openAll = document.getElementById("open-all");
  const groupField = form.elements.namedItem("group");

  const filterClauses = () => {
    const verdicts = [...form.querySelectorAll("input[name=verdict]:checked")].map((box) => box.value);
    const group = groupField ? groupField.value : "";
    const grade = Number(form.elements.namedItem("grade").value);
    const wanted = terms(form.elements.namedItem("text").value);
    const fits = (part) => (group === "" || part.group === group) && part.grade >= grade;
    let shown = 0;
    for (const clause of clauses) {
      const narrowed = group !== "" || grade > 0;
      if (wanted.length && !clause.text) clause.text = clause.body.textContent.toLowerCase();
      const visible =
        (!verdicts.length || verdicts.includes(clause.verdict)) &&
        (!narrowed || clause.parts.some(fits)) &&
        holds(clause.text, wanted);
      clause.body.hidden = !visible;
      shown += visible;
      if (!visible) continue;
      for (const part of clause.parts) part.element.hidden = narrowed && !fits(part);
      for (const material of clause.materials) {
        material.hidden = narrowed && !material.querySelector("[data-group]:not([hidden])");
      }
    }
    for (const stage of stages) {
      let next = stage.nextElementSibling;
      while (next && next.classList.contains("clause") && next.hidden) next = next.nextElementSibling;
      stage.hidden = !next || !next.classList.contains("clause");
    }
    for (const part of document.querySelectorAll("#calendar [data-group], #timeline [data-group]")) {
      part.hidden = group !== "" && part.dataset.group !== group;
    }
    document.getElementById("no-clause").hidden = shown > 0;
    document.getElementById("clause-count").textContent = say(words.count_clauses, shown, clauses.length);
  };

  form.hidden = false;
  form.addEventListener("input", filterClauses);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filterClauses));

  const setOpen = (open) => {
    for (const clause of clauses) if (!clause.body.hidden) clause.details.open = open;
    openAll.setAttribute("aria-pressed", String(open));
    openAll.textContent = open ? words.close_all : words.open_all;
  };
  openAll.addEventListener("click", () => setOpen(openAll.getAttribute("aria-pressed") !== "true"));

  // A click anywhere on a clause's line opens it; its links and selected text stay what they are.
  document.querySelector("table.clauses").addEventListener("click", (event) => {
    const line = event.target.closest("tr.line");
    if (!line || event.target.closest("a") || String(getSelection())) return;
    const details = line.parentElement.querySelector("details");
    details.open = !details.open;
  });

  // What a link in the page points at is shown, whatever the filters hide.
  const reveal = () => {
    const target = /^#c\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.hidden) form.reset();
    const show = () => {
      filterClauses();
      target.querySelector("details").open = true;
      target.scrollIntoView({ block: "start" });
    };
    target.hidden ? setTimeout(show) : show();
  };
  addEventListener("hashchange", reveal);
  for (const link of document.querySelectorAll("a[href^='#c']")) {
    link.addEventListener("click", () => link.hash === location.hash && reveal());
  }

  for (const link of document.querySelectorAll("a[data-verdict]")) {
    link.addEventListener("click", () => {
      for (const box of form.querySelectorAll("input[name=verdict]")) box.checked = box.value === link.dataset.verdict;
      filterClauses();
    });
  }

  // Files: rows of [folder, name, format, size, date, extent, codes, kinds, link].
  const table = document.getElementById("file-table");
  const rows = table.tBodies[0];
  const fileForm = document.getElementById("file-filters");
  const more = document.getElementById("more-files");
  const haystacks = [];
  let found = data.rows;
  let drawn = 0;

  const haystack = (at) =>
    (haystacks[at] ??= [
      data.folders[data.rows[at][0]][0],
      data.rows[at][1],
      data.rows[at][4],
      ...data.rows[at][6].map((code) => data.codes[code][1]),
      ...data.rows[at][7].map((kind) => data.kinds[kind][0]),
    ]
      .join(" ")
      .toLowerCase());

  const size = (bytes) => {
    if (bytes < 1024) return `${bytes} B`;
    if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
    return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  };

  const draw = (row) => {
    const [folder, name, format, bytes, date, extent, codes, kinds, link] = row;
    const line = make("tr");
    const cell = make("td");
    const anchor = make("a", "file");
    anchor.href = link ?? data.evidence + data.folders[folder][1] + encodeURIComponent(name);
    anchor.target = "_blank";
    anchor.rel = "noopener";
    if (data.folders[folder][0]) anchor.append(make("span", "folder", data.folders[folder][0]));
    anchor.append(make("bdi", "", name));
    cell.append(anchor, make("span", "meta", [data.formats[format], extent].filter(Boolean).join(" · ")));
    for (const kind of kinds) cell.append(make("span", `tag ${data.kinds[kind][1]}`, data.kinds[kind][0]));
    const serves = make("td", "serves");
    for (const code of codes) {
      const clause = make("a", "code", data.codes[code][1]);
      clause.href = `#c${data.codes[code][0]}`;
      serves.append(clause, " ");
    }
    line.append(cell, serves, make("td", "date", date ?? ""), make("td", "number", size(bytes)));
    return line;
  };

  const drawUpTo = (count) => {
    const lines = document.createDocumentFragment();
    for (const row of found.slice(drawn, count)) lines.append(draw(row));
    rows.append(lines);
    drawn = Math.max(drawn, Math.min(count, found.length));
    more.hidden = drawn >= found.length;
    more.textContent = say(words.more_files, Math.min(CHUNK, found.length - drawn));
  };

  const filterFiles = () => {
    const use = fileForm.elements.namedItem("use").value;
    const format = fileForm.elements.namedItem("format").value;
    const wanted = terms(fileForm.elements.namedItem("text").value);
    found = data.rows.filter(
      (row, at) =>
        (use !== "matched" || row[6].length > 0) &&
        (use !== "unmatched" || row[6].length === 0) &&
        (use !== "trouble" || row[7].length > 0) &&
        (!format || data.formats[row[2]] === format) &&
        (!wanted.length || holds(haystack(at), wanted)),
    );
    rows.replaceChildren();
    drawn = 0;
    drawUpTo(CHUNK);
    table.hidden = found.length === 0;
    document.getElementById("no-file").hidden = found.length > 0;
    document.getElementById("file-count").textContent = say(words.count_files, found.length, data.rows.length);
  };

  // Ready before somebody types: with tens of thousands of files the first search would be felt.
  let prepared = 0;
  const prepare = (deadline) => {
    while (prepared < data.rows.length && deadline.timeRemaining() > 1) haystack(prepared++);
    if (prepared < data.rows.length) requestIdleCallback(prepare);
  };
  if ("requestIdleCallback" in window) requestIdleCallback(prepare);

  fileForm.hidden = false;
  fileForm.addEventListener("input", filterFiles);
  fileForm.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => {
    const first = drawn;
    drawUpTo(drawn + CHUNK);
    rows.rows[first]?.querySelector("a").focus();
  });
  for (const link of document.querySelectorAll("a[data-find]")) {
    link.addEventListener("click", () => {
      fileForm.reset();
      fileForm.elements.namedItem("text").value = link.dataset.find;
      filterFiles();
    });
  }

  // The timeline's dots open their files; the list below it does so for the keyboard.
  document.getElementById("timeline")?.addEventListener("click", (event) => {
    const href = event.target.closest?.("[data-href]")?.dataset.href;
    if (href) open(href, "_blank", "noopener");
  });

  // `/` leads to the search, Escape empties it.
  addEventListener("keydown", (event) => {
    const field = event.target;
    const typing = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      form.elements.namedItem("text").focus();
    } else if (event.key === "Escape" && field instanceof HTMLInputElement && field.type === "search") {
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  // Paper shows what is folded away.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const details of folded) details.open = true;
    drawUpTo(PRINTED);
    const note = document.getElementById("print-files");
    note.hidden = found.length <= PRINTED;
    note.textContent = say(words.print_files, drawn, found.length);
  });
  addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });

  filterClauses();
  filterFiles();
  reveal();
})();
