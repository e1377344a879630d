// Closes an open menu (details.menu) on Escape, on a click elsewhere and when the focus leaves it,
// and brings the current tab of a row that is wider than the window into sight.

const menus = document.querySelectorAll("details.menu");

document.addEventListener("click", (event) => {
  for (const menu of menus) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (!menu.open) continue;
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

for (const menu of menus) {
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

for (const current of document.querySelectorAll(".tabs [aria-current]")) {
  current.scrollIntoView({ block: "nearest", inline: "center" });
}
