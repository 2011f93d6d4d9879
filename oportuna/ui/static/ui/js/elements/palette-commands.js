/* What the palette takes from the page: what can be done there, and where the menu leads. */
export const COMMANDS = "[data-key]:not(input, textarea, .op-nav__item, [data-opens='palette']), [data-command], [data-key='?']";
export const PLACES = ".op-nav__list a, #person-menu a";

/* One option in `box` for each thing on the page outside dialogs; a card's tools belong to their card. */
export function fill(box, selector, act) {
  for (const one of document.querySelectorAll(selector)) {
    if (one.closest("dialog, [data-keys-scope], template")) continue;
    const option = document.createElement("a");
    option.role = "option";
    option.tabIndex = -1;
    option.href = one.href ?? "#";
    option.act = () => act(one);
    const label = document.createElement("span");
    label.textContent = nameOf(one);
    option.append(one.querySelector("svg")?.cloneNode(true) ?? document.createElement("i"), label, keysOf(one));
    box.append(option);
  }
}

export const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();

function nameOf(one) {
  const said = one.dataset.command || one.dataset.keyLabel || one.ariaLabel;
  if (said) return said;
  const copy = one.cloneNode(true);
  copy.querySelectorAll("kbd, svg").forEach((part) => part.remove());
  return copy.textContent.trim();
}

function keysOf(one) {
  const keys = document.createElement("span");
  keys.className = "op-keys";
  for (const cap of (one.dataset.key ?? "").split(/[ +]/).filter(Boolean)) {
    const key = document.createElement("kbd");
    key.className = "op-kbd";
    key.textContent = cap.length === 1 ? cap.toUpperCase() : cap;
    keys.append(key);
  }
  return keys;
}
