/* An open board follows what others do: every few seconds its form asks for what changed, telling what the page shows of each
   column. It waits while one carries a card, writes in a column or looks elsewhere; what does not answer is asked again. */
const EVERY = 4000;
const WAITS = "[aria-busy='true'], .op-quick";

class BoardLive extends HTMLElement {
  #timer = 0;
  #stood = "";
  #look = () => { if (!document.hidden) this.#ask(); };

  connectedCallback() {
    this.#timer = setInterval(this.#look, EVERY);
    document.addEventListener("visibilitychange", this.#look);
    this.addEventListener("htmx:beforeSwap", () => { this.#stood = document.activeElement.closest("[data-card]")?.dataset.card ?? ""; });
    this.addEventListener("htmx:afterSwap", () => this.#return());
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    document.removeEventListener("visibilitychange", this.#look);
  }

  get #board() { return this.closest("kanban-board"); }

  #ask() {
    const board = this.#board;
    if (board.dragged || board.picked || board.querySelector(WAITS) || document.querySelector("dialog[open]")) return;
    const form = this.querySelector("form");
    const columns = [...board.querySelectorAll("[data-stage]")];
    form.elements.columns.value = columns.map((one) => `${one.dataset.stage}:${one.dataset.mark}:${one.querySelectorAll("[data-card]").length}`).join(" ");
    form.requestSubmit();
  }

  /* Whoever stood on a card stands on it again, wherever it is by now. */
  #return() {
    if (!this.#stood || document.activeElement !== document.body) return;
    this.#board.querySelector(`[data-card="${this.#stood}"] .op-card__t`)?.focus({ preventScroll: true });
  }
}

customElements.define("board-live", BoardLive);
