// Closes an open menu (details.user-menu) on Escape and on a click elsewhere, and brings the
// current item of a navigation that is wider than the window into sight.

const menus = document.querySelectorAll("details.user-menu");

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

for (const current of document.querySelectorAll(".city-nav [aria-current], .tabs [aria-current]")) {
  current.scrollIntoView({ block: "nearest", inline: "center" });
}
