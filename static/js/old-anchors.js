// Parts of this page that have pages of their own now: whoever comes by an old address with the
// name of one at its end is led on to a[data-was] of that name.

function leadOn() {
  const name = CSS.escape(location.hash);
  const link = name && document.querySelector(`a[data-was="${name}"]`);
  if (link) location.replace(link.href);
}

leadOn();
window.addEventListener("hashchange", leadOn);
