/* Toasts leave by themselves, unless they report an error or someone is reading them. */
const STAYS = 7000;
const MOST = 3;

class ToastRegion extends HTMLElement {
  #observer = new MutationObserver(() => this.#tidy());

  connectedCallback() {
    this.#observer.observe(this, { childList: true, subtree: true });
    this.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".op-toast").remove());
    this.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.xhr.status < 400) event.target.closest(".op-toast")?.remove();
    });
    this.#tidy();
  }

  disconnectedCallback() { this.#observer.disconnect(); }

  /* One of the sentences that the page brought with it, for answers that never came. */
  show(kind) {
    const ready = this.querySelector(`template[data-toast="${kind}"]`);
    if (ready) this.append(ready.content.cloneNode(true));
  }

  #tidy() {
    const toasts = [...this.querySelectorAll(".op-toast")];
    for (const old of toasts.slice(0, -MOST)) old.remove();
    for (const toast of toasts.slice(-MOST)) {
      if (toast.dataset.seen !== undefined || toast.classList.contains("op-toast--error")) continue;
      toast.dataset.seen = "";
      this.#leave(toast);
    }
  }

  #leave(toast) {
    setTimeout(() => {
      if (!toast.isConnected) return;
      if (toast.matches(":hover, :focus-within")) this.#leave(toast);
      else toast.remove();
    }, STAYS);
  }
}

customElements.define("toast-region", ToastRegion);
