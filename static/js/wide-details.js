// details[data-open-when-wide]: folded away on a phone, open where there is room for it.

const wide = window.matchMedia("(min-width: 768px)");

for (const details of document.querySelectorAll("details[data-open-when-wide]")) {
  details.open = wide.matches;
}
