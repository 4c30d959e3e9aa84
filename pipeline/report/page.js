
"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const text = new Intl.Collator("fr");
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const number = head.classList.contains("n");
      const was = head.getAttribute("aria-sort");
      const down = was ? was === "ascending" : number;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => {
        const x = a.cells[column], y = b.cells[column];
        const order = number ? x.dataset.v - y.dataset.v : text.compare(x.textContent, y.textContent);
        return down ? -order : order;
      });
      body.append(...rows);
    });
  });
}
