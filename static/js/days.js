// input[data-day], input[data-day=moment]: a button beside it opens the browser's calendar, and what is typed in numbers is
// written as the server will show it. Without this a date is typed as text (texts/days.py).
//
// data-max   the last day of the calendar, as 2026-11-21
//
// Fields that come later are told of by an event `kla:added` on what holds them.

import { _ } from "./words.js";

const TYPED = /^(\d{1,2})([-/. ]?)(\d{1,2})\2(\d{4})$/;
const TURNED = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;

// 21-11-2026, 21/11/2026 and 21112026 as 2026-11-21; empty for anything else, month names included.
function isoOf(text) {
  const words = text.trim();
  const found = TYPED.exec(words);
  const [day, month, year] = found
    ? [found[1], found[3], found[4]]
    : (TURNED.exec(words) ?? []).filter((_part, index) => [1, 3, 4].includes(index)).reverse();
  if (!year || (found?.[2] === "" && words.length !== 8)) return "";
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const moment = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(iso) ? iso : "";
}

function shown(iso) {
  const [day, time] = iso.split("T");
  const typed = day.split("-").reverse().join("-");
  return time ? `${typed} ${time.replaceAll(":", ".")}` : typed;
}

// What stands in the field as the calendar takes it.
function valueFor(field) {
  if (field.dataset.day !== "moment") return isoOf(field.value);
  const [day, time = ""] = field.value.trim().split(/[ T]+/);
  const iso = isoOf(day);
  return iso && /^\d\d[.:]\d\d([.:]\d\d)?$/.test(time) ? `${iso}T${time.replaceAll(".", ":")}` : "";
}

function companionOf(field) {
  const calendar = document.createElement("input");
  calendar.type = field.dataset.day === "moment" ? "datetime-local" : "date";
  if (field.dataset.day === "moment") calendar.step = 1;
  calendar.className = "day-input__calendar";
  calendar.tabIndex = -1;
  calendar.setAttribute("aria-hidden", "true");
  if (field.dataset.max) calendar.max = field.dataset.max;
  calendar.addEventListener("input", (event) => event.stopPropagation());
  calendar.addEventListener("change", (event) => {
    event.stopPropagation();
    field.value = calendar.value ? shown(calendar.value) : "";
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    field.focus();
  });
  return calendar;
}

function buttonFor(field, calendar, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-primary day-input__button";
  const icon = document.createElement("i");
  icon.className = "bi bi-calendar3";
  icon.setAttribute("aria-hidden", "true");
  button.setAttribute("aria-label", _("Pilih tanggal: %(label)s", { label }));
  button.append(icon);
  button.addEventListener("click", () => {
    calendar.value = valueFor(field);
    calendar.showPicker();
  });
  return button;
}

function enhance(field) {
  if (field.closest(".day-input") || !("showPicker" in HTMLInputElement.prototype)) return;
  const label = field.labels[0]?.firstChild?.textContent.trim() ?? "";
  const box = document.createElement("span");
  box.className = "day-input";
  field.replaceWith(box);
  const calendar = companionOf(field);
  box.append(field, calendar, buttonFor(field, calendar, label));
  field.addEventListener("change", () => {
    const value = valueFor(field);
    if (value) field.value = shown(value);
  });
}

function enhanceAll(within) {
  for (const field of within.querySelectorAll("input[data-day]")) enhance(field);
}

document.addEventListener("kla:added", (event) => enhanceAll(event.target));
enhanceAll(document);
