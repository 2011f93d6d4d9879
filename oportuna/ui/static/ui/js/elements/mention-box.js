/* Behind an "@" in its text, the people to mention: their list is asked for at the first one, narrowed as one types, chosen
   with the arrows and Enter, or touched. Without it a name behind the "@" means the same. */
import { announce } from "../announce.js";
import { plain } from "./palette-commands.js";

const BEGUN = /(?:^|[^\p{L}\p{N}_@.])@([\p{L}\p{M}'’. -]{0,60})$/u;

class MentionBox extends HTMLElement {
  #begun = ""; // what was given up with Esc

  connectedCallback() {
    this.text = this.querySelector("textarea");
    this.list = this.querySelector("[role='listbox']");
    if (!this.text || !this.list) return;
    this.text.setAttribute("aria-controls", this.list.id);
    this.text.setAttribute("aria-autocomplete", "list");
    for (const change of ["input", "click"]) this.text.addEventListener(change, () => this.#look());
    this.text.addEventListener("blur", () => this.#close());
    this.addEventListener("keydown", (event) => this.#press(event), { capture: true });
    this.list.addEventListener("htmx:afterSwap", () => this.#look());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the focus stays in the text
      const option = event.target.closest("[role='option']");
      if (option) this.#choose(option);
    });
  }

  get #typed() {
    const { selectionStart, selectionEnd, value } = this.text;
    if (selectionStart !== selectionEnd || document.activeElement !== this.text) return null;
    return BEGUN.exec(value.slice(0, selectionStart))?.[1] ?? null;
  }

  get #offered() {
    return [...this.list.querySelectorAll("[role='option']")].filter((one) => !one.hidden);
  }

  #look() {
    const typed = this.#typed;
    if (typed === null || (this.#begun && typed.startsWith(this.#begun.slice(1)))) return this.#close();
    this.#begun = "";
    window.htmx.trigger(this.list, "wanted");
    const words = plain(typed).split(" ").filter(Boolean);
    for (const one of this.list.querySelectorAll("[role='option']")) {
      const names = plain(one.dataset.name).split(" ");
      one.hidden = !words.every((word) => names.some((name) => name.startsWith(word)));
    }
    const offered = this.#offered;
    /* A whole name and a blank behind it: it is written. */
    if (!offered.length || (typed.endsWith(" ") && offered.some((one) => plain(one.dataset.name) === plain(typed)))) return this.#close();
    if (this.list.hidden) announce(this.dataset.said, { count: offered.length });
    this.list.hidden = false;
    this.#mark(offered.find((one) => plain(one.dataset.name).startsWith(plain(typed))) ?? offered[0]);
  }

  #mark(chosen) {
    for (const one of this.list.querySelectorAll("[role='option']")) one.ariaSelected = String(one === chosen);
    this.text.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  #close() {
    this.list.hidden = true;
    this.text.removeAttribute("aria-activedescendant");
  }

  #choose(option) {
    const at = this.text.selectionStart;
    const begin = at - this.#typed.length;
    this.text.setRangeText(`${option.dataset.name} `, begin, at, "end");
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.#close();
  }

  #press(event) {
    if (this.list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const offered = this.#offered;
    const at = offered.findIndex((one) => one.ariaSelected === "true");
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) this.#mark(offered[(at + by + offered.length) % offered.length]);
    else if (event.key === "Enter" || event.key === "Tab") this.#choose(offered[Math.max(0, at)]);
    else if (event.key === "Escape") {
      this.#begun = `@${this.#typed}`;
      this.#close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

customElements.define("mention-box", MentionBox);
