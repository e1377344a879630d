// [data-whatif]: the total that the supposed outcomes lead to, at once. The server computes the
// same from the address, which is kept in step; what it says is what counts.
//
// select[data-whatif-question] is a question, the [data-outcome] of its option an outcome;
// hidden inputs of the same name hold outcomes of questions that the filters do not show.
// Points are whole thousandths, as #whatif-data gives them.

import { figure } from "./words.js";

const FIELD = "h";
const LETTERS = { t: "accepted", s: "half", k: "returned" };

const data = JSON.parse(document.getElementById("whatif-data").textContent);
const page = document.querySelector("[data-whatif]");
const form = page.querySelector("[data-whatif-form]");
const save = page.querySelector("[data-whatif-save]");

function shown(units) {
  return figure(units / 1000, 3);
}

// The outcomes as the address writes them: 2.1-t.
function supposed() {
  return [...form.querySelectorAll(`[name="${FIELD}"]`)]
    .map((field) => field.value)
    .filter((value) => value);
}

function byCode(values) {
  const outcomes = new Map();
  for (const value of values) {
    const dash = value.lastIndexOf("-");
    outcomes.set(value.slice(0, dash), LETTERS[value.slice(dash + 1)]);
  }
  return outcomes;
}

function capped(points, maximum) {
  return Math.min(
    maximum,
    points.reduce((sum, one) => sum + one, 0),
  );
}

function score(outcomes) {
  const worth = (question) => question[outcomes.get(question.code) ?? "now"];
  const clusters = new Map();
  const indicators = new Map();
  for (const cluster of data.clusters) {
    const rows = cluster.indicators.map((row) => capped(row.questions.map(worth), row.maximum));
    cluster.indicators.forEach((row, number) => indicators.set(row.code, rows[number]));
    clusters.set(cluster.code, capped(rows, cluster.maximum));
  }
  return { clusters, indicators, total: capped([...clusters.values()], data.maximum) };
}

function tell(name, words) {
  for (const element of page.querySelectorAll(`[data-whatif-${name}]`)) element.textContent = words;
}

// A folded cluster shows none of its indicators.
function tellEach(name, sums) {
  for (const element of page.querySelectorAll(`[data-whatif-${name}]`)) {
    element.textContent = shown(sums.get(element.getAttribute(`data-whatif-${name}`)));
  }
}

function show(outcomes) {
  const { clusters, indicators, total } = score(outcomes);
  const change = total - score(new Map()).total;
  const reached = data.bands.filter((band) => total >= band.minimum).at(-1);
  const next = data.bands.find((band) => total < band.minimum);
  const predikat = page.querySelector("[data-whatif-predikat]");
  tell("total", shown(total));
  tell("change", (change > 0 ? "+" : "") + shown(change));
  tell("count", String(outcomes.size));
  tell("predikat", reached ? reached.predikat : predikat.dataset.none);
  page.querySelector("[data-whatif-next]").hidden = !next;
  if (next) {
    tell("needed", shown(next.minimum - total));
    tell("goal", next.predikat);
  }
  tellEach("cluster", clusters);
  tellEach("indicator", indicators);
}

// The address says what the page shows, so that going back and sending it to others works.
function keep(values) {
  const address = new URL(location.href);
  address.searchParams.delete(FIELD);
  for (const value of values) address.searchParams.append(FIELD, value);
  history.replaceState(null, "", address);
  if (save) {
    const action = new URL(save.action);
    action.search = new URLSearchParams(values.map((value) => [FIELD, value])).toString();
    save.action = action.href;
  }
}

form.addEventListener("change", (event) => {
  if (event.target.name !== FIELD) return;
  const values = supposed();
  show(byCode(values));
  keep(values);
});

// What is empty need not stand in the address: questions without an outcome, filters without a choice.
form.addEventListener("formdata", (event) => {
  const entries = [...event.formData].filter(([, value]) => value);
  for (const name of new Set(event.formData.keys())) event.formData.delete(name);
  for (const [name, value] of entries) event.formData.append(name, value);
});

// Going back, the browser may bring the boxes back as they were left.
window.addEventListener("pageshow", () => show(byCode(supposed())));
