/* The focus is never lost. A page that comes back with errors begins at the first wrong field; whoever stood on something
   that an answer took away goes on at the page's main part, and from a line of a list (data-goes-on) at the next one. */
document.querySelector("main [aria-invalid='true']")?.focus();

let stood = false;
let next = [];
let control = "";
document.addEventListener("htmx:beforeSwap", () => {
  const active = document.activeElement;
  const lines = [...document.querySelectorAll("[data-goes-on]")];
  const here = lines.indexOf(active.closest("[data-goes-on]"));
  stood = active !== document.body;
  next = here < 0 ? [] : [...lines.slice(here), ...lines.slice(0, here).reverse()].map((line) => line.id);
  control = active.matches("button") ? "form > button:not([tabindex])" : "input:not([type='hidden'])";
});
document.addEventListener("htmx:afterSettle", () => {
  /* Elements that know better where it belongs come first. */
  setTimeout(() => {
    if (!stood || document.activeElement !== document.body || document.querySelector("dialog[open]")) return;
    const line = next.map((id) => document.getElementById(id)).find((one) => one?.offsetParent);
    (line?.querySelector(control) ?? line?.querySelector("a, button") ?? document.getElementById("main"))?.focus({ preventScroll: true });
  });
});
