/* The focus is never lost. A page that comes back with errors begins at the first wrong field; whoever stood on something
   that an answer took away goes on at the page's main part. */
document.querySelector("main [aria-invalid='true']")?.focus();

let stood = false;
document.addEventListener("htmx:beforeSwap", () => { stood = document.activeElement !== document.body; });
document.addEventListener("htmx:afterSettle", () => {
  /* Elements that know better where it belongs come first. */
  setTimeout(() => {
    if (!stood || document.activeElement !== document.body || document.querySelector("dialog[open]")) return;
    document.getElementById("main")?.focus({ preventScroll: true });
  });
});
