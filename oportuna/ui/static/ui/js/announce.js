/* Tells screen readers what sighted people see happen. `text` may hold {names}, filled from `values`. */
export function announce(text, values = {}) {
  const region = document.getElementById("announce");
  if (region && text) region.textContent = text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
