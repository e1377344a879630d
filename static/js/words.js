// The words and figures of the page's language. Scripts say what they say in Indonesian; a page in another language brings
// what all of them say in #words (kla/templatetags/languages.py).
//
// A call of _ begins with one literal in double quotes, and its facts are read by Python too, so no template literal stands
// in it: that is how the words are found (scripts/messages.py).

const source = document.getElementById("words");
const words = source ? JSON.parse(source.textContent) : {};

export const language = document.documentElement.lang || "id";

// `text` as the page says it, with each %(name)s from `facts`.
export function _(text, facts = {}) {
  return (words[text] ?? text).replace(/%\((\w+)\)s/g, (_whole, name) => facts[name]);
}

// 1.234,5 on an Indonesian page, 1,234.5 on an English one.
export function figure(number, decimals = 1) {
  return number.toLocaleString(language, { maximumFractionDigits: decimals });
}

// What stands before the decimals.
export const MARK = figure(0.5).charAt(1);
