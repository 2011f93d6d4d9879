/* Rows that change places: by dragging their .op-grip, or with the arrow keys on it. Each [data-item] holds a hidden
   input of the form, so the form sends the new order by itself. The form is the element's own or the one named by
   data-form. */
import { announce } from "../announce.js";

const QUIET = 600;

class SortableList extends HTMLElement {
  #timer = 0;

  async connectedCallback() {
    const items = this.querySelector("[data-item]")?.parentElement;
    if (!items) return;
    this.addEventListener("keydown", (event) => this.#press(event));
    const { default: Sortable } = await import("../../../vendor/sortablejs/modular/sortable.esm.js");
    if (!this.isConnected || Sortable.get(items)) return;
    Sortable.create(items, {
      handle: ".op-grip",
      draggable: "[data-item]",
      animation: 140,
      onEnd: ({ oldIndex, newIndex }) => { if (oldIndex !== newIndex) this.#send(0); },
    });
  }

  #press(event) {
    const grip = event.target.closest(".op-grip");
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!grip || !by) return;
    event.preventDefault();
    const item = grip.closest("[data-item]");
    const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other?.matches("[data-item]")) return;
    if (by < 0) other.before(item);
    else other.after(item);
    grip.focus();
    const position = [...item.parentElement.querySelectorAll("[data-item]")].indexOf(item) + 1;
    announce(this.dataset.sayMoved, { name: item.dataset.name ?? "", position });
    this.#send(QUIET);
  }

  #send(after) {
    clearTimeout(this.#timer);
    const form = this.dataset.form ? document.getElementById(this.dataset.form) : this.querySelector("form");
    this.#timer = setTimeout(() => form?.requestSubmit(), after);
  }
}

customElements.define("sortable-list", SortableList);
