// a[data-search]: the key "/" goes to the search, or into its field where that is on the page.

function isTyping(target) {
  return target.isContentEditable || target.closest("input, textarea, select, dialog[open]");
}

const link = document.querySelector("a[data-search]");
document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  if (!link || event.key !== "/" || !isPlain || event.defaultPrevented || isTyping(event.target)) {
    return;
  }
  event.preventDefault();
  const field = document.querySelector("input[type=search][name=q]");
  if (field && location.pathname === link.pathname) {
    field.focus();
  } else {
    location.assign(link.href);
  }
});
