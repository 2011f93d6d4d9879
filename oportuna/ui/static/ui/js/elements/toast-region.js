/* Toasts leave by themselves, unless they report an error or someone is reading them. What the last one could undo can be
   undone with Ctrl+Z until another page comes: its form stays, out of sight. */
const STAYS = 7000;
const MOST = 3;

class ToastRegion extends HTMLElement {
  #observer = new MutationObserver(() => this.#tidy());

  #raised = new WeakSet();

  connectedCallback() {
    this.#observer.observe(this, { childList: true, subtree: true });
    this.addEventListener("click", (event) => this.#take(event.target.closest("[data-dismiss]")?.closest(".op-toast")));
    this.addEventListener("htmx:afterRequest", (event) => {
      const { status } = event.detail.xhr;
      /* Done, or refused for good: pressing it again does nothing more. */
      if (status && status < 500) event.target.closest("[data-kept]")?.remove();
      if (status && status < 400) event.target.closest(".op-toast")?.remove();
    });
    /* The browser's top layer: an open dialog would lie over it otherwise. */
    this.popover = "manual";
    this.showPopover();
    this.#tidy();
  }

  disconnectedCallback() { this.#observer.disconnect(); }

  /* One of the sentences that the page brought with it, for answers that never came; `again` is what its button does. */
  show(kind, again = null) {
    const ready = this.querySelector(`template[data-toast="${kind}"]`)?.content.cloneNode(true);
    const retry = ready?.querySelector("[data-retry]");
    if (retry && !again) retry.remove();
    retry?.addEventListener("click", () => {
      retry.closest(".op-toast").remove();
      again();
    });
    if (ready) this.append(ready);
  }

  #tidy() {
    const toasts = [...this.querySelectorAll(".op-toast")];
    const said = toasts.map((toast) => toast.querySelector("span").textContent);
    const kept = toasts.filter((_toast, at) => said.indexOf(said[at], at + 1) < 0).slice(-MOST);
    for (const old of toasts) if (!kept.includes(old)) old.remove();
    if (kept.some((toast) => !this.#raised.has(toast)) && document.querySelector("dialog[open]")) {
      this.hidePopover();
      this.showPopover();
    }
    /* Ctrl+Z undoes what was done last. */
    const last = this.querySelector("[data-kept]");
    if (last && this.querySelector(".op-toast [data-key]")) last.remove();
    for (const older of [...this.querySelectorAll("[data-key]")].slice(0, -1)) older.removeAttribute("data-key");
    for (const toast of kept) {
      this.#raised.add(toast);
      if (toast.dataset.seen !== undefined || toast.classList.contains("op-toast--error")) continue;
      toast.dataset.seen = "";
      this.#leave(toast);
    }
  }

  #leave(toast) {
    setTimeout(() => {
      if (!toast.isConnected) return;
      if (toast.matches(":hover, :focus-within")) this.#leave(toast);
      else this.#take(toast);
    }, STAYS);
  }

  /* Take a toast away and keep the form of the last undo. */
  #take(toast) {
    const form = toast?.querySelector("form:has([data-key])");
    if (form) {
      const kept = document.createElement("div");
      kept.className = "op-vh";
      kept.dataset.kept = "";
      kept.inert = true;
      kept.append(form);
      this.append(kept);
    }
    toast?.remove();
  }
}

customElements.define("toast-region", ToastRegion);
