// details[data-fold]: opened and closed, they stay so when one comes back to the page in this tab.
// Paper shows them all. A link to something inside a fold opens it.

const KEY = `folds:${location.pathname}`;
const folds = [...document.querySelectorAll("details[data-fold][id]")];

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // no storage, or somebody else's words in it
  }
}

function keep(fold) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...kept(), [fold.id]: fold.open }));
  } catch {
    // A browser without storage forgets.
  }
}

function reveal() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let fold = target; fold; fold = fold.parentElement) {
    if (fold.matches("details")) fold.open = true;
  }
  if (target) target.scrollIntoView();
}

const before = kept();
for (const fold of folds) {
  if (fold.id in before) fold.open = before[fold.id];
  fold.querySelector("summary").addEventListener("click", () => queueMicrotask(() => setTimeout(() => keep(fold))));
}

let closed = [];
window.addEventListener("beforeprint", () => {
  closed = folds.filter((fold) => !fold.open);
  for (const fold of closed) fold.open = true;
});
window.addEventListener("afterprint", () => {
  for (const fold of closed) fold.open = false;
});
window.addEventListener("hashchange", reveal);
if (location.hash) reveal();
