/* A small form that came into the page for adding one more: Esc or its [data-close] takes it away again. */
class QuickAdd extends HTMLElement {
  connectedCallback() {
    this.opener = document.activeElement;
    this.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) this.#leave(); });
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.stopPropagation();
      this.#leave();
    });
    this.querySelector("[autofocus]")?.focus();
  }

  #leave() {
    this.remove();
    if (this.opener?.isConnected) this.opener.focus();
  }
}

customElements.define("quick-add", QuickAdd);
