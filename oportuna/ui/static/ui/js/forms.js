/* Every form is sent once: while it is in flight its button shows so and a second submission is dropped.
   The button is never `disabled`: that would take its own name and value out of what is sent. */
const flying = new WeakMap();
const sentBy = new WeakMap();

function isHtmx(form) {
  return form.matches("[hx-post], [hx-get], [hx-put], [hx-patch], [hx-delete]") || form.closest("[hx-boost='true']");
}

function land(form) {
  const button = flying.get(form);
  flying.delete(form);
  form.removeAttribute("aria-busy");
  button?.classList.remove("is-busy");
  button?.removeAttribute("aria-disabled");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("data-download")) return;
  if (flying.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  /* Without a connection the browser would leave the page, and what was typed on it. */
  if (!navigator.onLine && !isHtmx(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    document.querySelector("toast-region")?.show("offline", () => form.requestSubmit(event.submitter));
    return;
  }
  const button = event.submitter ?? form.querySelector("button:not([type='button'])");
  sentBy.set(form, event.submitter);
  flying.set(form, button);
  form.setAttribute("aria-busy", "true");
  button?.classList.add("is-busy");
  button?.setAttribute("aria-disabled", "true");
  setTimeout(() => { if (event.defaultPrevented && !isHtmx(form)) land(form); });
}, { capture: true });

document.addEventListener("htmx:afterRequest", (event) => { if (event.target instanceof HTMLFormElement) land(event.target); });
document.addEventListener("htmx:validation:halted", (event) => { if (event.target instanceof HTMLFormElement) land(event.target); });

/* Ctrl+Enter sends the form one writes in; in a dialog its own element does. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  const button = event.target.closest?.("form")?.querySelector("[data-confirm]");
  if (!button || button.closest("dialog")) return;
  event.preventDefault();
  button.form.requestSubmit(button);
});

/* The page comes back from the browser's memory with its forms as they were left. */
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) if (flying.has(form)) land(form);
});

/* A suggestion does not replace what one is writing. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  if (target.matches("[data-suggested]") && target.contains(document.activeElement)) event.detail.shouldSwap = false;
});

const toastOf = { 403: "forbidden", 404: "gone" };
/* A form stays as it was typed and can be sent again; what creates carries a key, and is created once. */
function againOf(event) {
  const form = event.detail.elt;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || !form.isConnected) return null;
  return () => { if (form.isConnected) form.requestSubmit(sentBy.get(form)?.isConnected ? sentBy.get(form) : null); };
}

/* What a page asks for by itself says nothing when it fails: it asks again. */
const isQuiet = (event) => event.target.matches?.("[data-quiet]");
document.addEventListener("htmx:responseError", (event) => {
  if (isQuiet(event)) return;
  const { status } = event.detail.xhr;
  document.querySelector("toast-region")?.show(toastOf[status] ?? "error", againOf(event));
});
for (const lost of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(lost, (event) => {
    if (!isQuiet(event)) document.querySelector("toast-region")?.show("offline", againOf(event));
  });
}
