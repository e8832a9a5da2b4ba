"use strict";
// Headings sort their table; equal rows keep their order.
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  table.querySelectorAll("thead th").forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of table.querySelectorAll("thead th")) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const sign = up ? 1 : -1;
      const numbers = [...body.rows].some((row) => row.cells[column].dataset.value !== undefined);
      const text = (row) => row.cells[column].textContent;
      const value = (row) => row.cells[column].dataset.value;
      // A cell without a number comes last either way.
      const byNumber = (a, b) => {
        const missing = (value(a) === undefined) - (value(b) === undefined);
        return missing || value(a) === undefined ? missing : sign * (Number(value(a)) - Number(value(b)));
      };
      const byText = (a, b) => sign * text(a).localeCompare(text(b));
      body.append(...[...body.rows].sort(numbers ? byNumber : byText));
    });
  });
}
