// The keys of the review page, where [data-review-keys] shows them:
//   a  choose "accepted"   k  choose "returned" and go to the reason
//   j, →  a[rel=next]      s, ←  a[rel=prev]
// Nothing happens while somebody types, or with Ctrl, Alt or Meta held.

const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

function choose(verdict) {
  const radio = document.querySelector(`input[name=verdict][value=${verdict}]`);
  if (radio) {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    radio.focus();
    return;
  }
  document.querySelector(`button[name=verdict][value=${verdict}]`)?.focus();
}

function follow(rel) {
  document.querySelector(`a[rel=${rel}]`)?.click();
}

const KEYS = {
  a: () => choose("accepted"),
  k: () => {
    choose("returned");
    document.querySelector("[name=reason]")?.focus();
  },
  j: () => follow("next"),
  s: () => follow("prev"),
  ArrowRight: () => follow("next"),
  ArrowLeft: () => follow("prev"),
};

if (document.querySelector("[data-review-keys]")) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    // The arrows already move between the choices of a radio group.
    if (event.key.startsWith("Arrow") && event.target.matches?.("input")) return;
    const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
