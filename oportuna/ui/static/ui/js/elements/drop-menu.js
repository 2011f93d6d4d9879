/* Puts the menu beside its button, inside the window; the browser opens it, closes it and handles Esc. */
const GAP = 4;

class DropMenu extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[popovertarget]");
    const menu = this.querySelector("[popover]");
    if (!button || !menu) return;
    menu.classList.remove("op-menu--loose");
    menu.addEventListener("toggle", (event) => {
      button.setAttribute("aria-expanded", String(event.newState === "open"));
      if (event.newState === "open") this.#place(button, menu);
    });
    menu.addEventListener("keydown", (event) => this.#walk(event, menu));
    menu.addEventListener("click", (event) => { if (event.target.closest("a, button")) menu.hidePopover(); });
    button.setAttribute("aria-expanded", "false");
  }

  #place(button, menu) {
    const at = button.getBoundingClientRect();
    const size = menu.getBoundingClientRect();
    const below = at.bottom + GAP + size.height <= innerHeight;
    const left = Math.min(at.left, innerWidth - size.width - 8);
    menu.style.left = `${Math.max(8, left)}px`;
    menu.style.top = `${Math.max(8, below ? at.bottom + GAP : at.top - GAP - size.height)}px`;
  }

  #walk(event, menu) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.target.matches("input:not([type='checkbox']), select")) return;
    event.preventDefault();
    event.stopPropagation();
    const items = [...menu.querySelectorAll("a, button, input")];
    items[(items.indexOf(document.activeElement) + by + items.length) % items.length]?.focus();
  }
}

customElements.define("drop-menu", DropMenu);
