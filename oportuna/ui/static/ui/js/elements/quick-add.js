/* A small form that came into the page for adding one more: Esc or its [data-close] takes it away again,
   back to the column's [data-adds]. */
class QuickAdd extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) this.#leave(); });
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.stopPropagation();
      this.#leave();
    });
    this.querySelector("[autofocus]")?.focus();
  }

  #leave() {
    const opener = this.closest("[data-stage]")?.querySelector("[data-adds]");
    this.remove();
    opener?.focus();
  }
}

customElements.define("quick-add", QuickAdd);
