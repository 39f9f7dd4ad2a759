"use strict";
const grid = document.getElementById("grid");
const body = grid.tBodies[0];
const rows = Array.from(body.rows);
const heads = Array.from(grid.tHead.rows[0].cells);
const find = document.getElementById("find");
const show = document.getElementById("show");
const question = document.getElementById("question");
const shown = document.getElementById("shown");
const words = new Intl.Collator(undefined, { numeric: true });

// Numbers by size, words by the alphabet; what was not measured comes after both.
function compare(a, b) {
  if (!a || !b) return !a - !b;
  return isNaN(a) || isNaN(b) ? words.compare(a, b) : a - b;
}

function sort(column) {
  const head = heads[column];
  const direction = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  heads.forEach((other) => other.setAttribute("aria-sort", other === head ? direction : "none"));
  const sign = direction === "ascending" ? 1 : -1;
  rows.sort((a, b) => sign * compare(a.cells[column].dataset.order, b.cells[column].dataset.order));
  body.append(...rows);
}

function filter() {
  const wanted = find.value.toLowerCase().match(/"[^"]*"|\S+/g) || [];
  let count = 0;
  for (const row of rows) {
    const visible =
      wanted.every((word) => row.dataset.words.includes(word)) &&
      (!show.value || row.dataset.state === show.value) &&
      (!question.value || row.dataset.failed.split(" ").includes(question.value));
    row.hidden = !visible;
    document.getElementById(row.cells[0].firstElementChild.hash.slice(1)).hidden = !visible;
    count += visible;
  }
  shown.textContent = count + " shown";
}

function reveal() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target && target.tagName === "DETAILS") {
    target.open = true;
    target.scrollIntoView();
    target.querySelector("summary").focus({ preventScroll: true });
  }
}

heads.forEach((head, column) => head.firstElementChild.addEventListener("click", () => sort(column)));
find.addEventListener("input", filter);
show.addEventListener("change", filter);
question.addEventListener("change", filter);
document.querySelectorAll("[data-find]").forEach((button) =>
  button.addEventListener("click", () => {
    find.value = '"' + button.dataset.find + '"';
    filter();
    document.getElementById("submissions").scrollIntoView();
    find.focus({ preventScroll: true });
  })
);
document.querySelector(".filter").addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", reveal);

// On paper nothing can be opened: all details are printed, and closed again afterwards.
let opened = [];
window.addEventListener("beforeprint", () => {
  opened = Array.from(document.querySelectorAll("details:not([open])"));
  opened.forEach((one) => (one.open = true));
});
window.addEventListener("afterprint", () => opened.forEach((one) => (one.open = false)));
grid.addEventListener("click", (event) => {
  if (event.target.closest("a")) setTimeout(reveal);
});
reveal();
