/* The board. A card moves by mouse, finger or keyboard; each way fills the card's own form (`stage`, `before`, at the end of a
   column `after`) and submits it; the answer replaces the columns. Until then the card stands where it was dropped; refused, it goes back.
   The page gives: [data-stage] columns with a [data-list] of [data-card] articles; <template data-tools> with what a card gets
   (kanban-tools.js): form[data-move], [data-act="won"] and "lost" (what the zones click); [data-zone] in .op-zones; data-fixed
   when the order is not by hand; [data-more][data-next] where a column has cards that are not loaded. */
import { announce } from "../announce.js";
import { foldOnClick, onTopIfFolded } from "./kanban-fold.js";
import { press } from "./kanban-keys.js";
import { near, rememberScroll, stageOf } from "./kanban-places.js";
import { equip, equipOnReach } from "./kanban-tools.js";

class KanbanBoard extends HTMLElement {
  #sortable = null;
  #refocus = "";
  #scrollBack = rememberScroll(this);
  #observer = new MutationObserver(() => this.#wire());
  #hold = (event) => { if (this.dragged && event.target.matches?.("[data-refresh]")) event.preventDefault(); };

  async connectedCallback() {
    equipOnReach(this);
    foldOnClick(this);
    this.addEventListener("keydown", (event) => press(this, event));
    this.addEventListener("focusout", (event) => { if (this.picked && !this.picked.card.contains(event.relatedTarget)) this.putBack(); });
    this.addEventListener("htmx:afterRequest", (event) => this.#answered(event));
    document.addEventListener("htmx:beforeRequest", this.#hold);
    this.#sortable = (await import("../../../vendor/sortablejs/modular/sortable.esm.js")).default;
    this.#observer.observe(this, { childList: true, subtree: true });
    this.#wire();
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    document.removeEventListener("htmx:beforeRequest", this.#hold);
  }

  get fixed() { return this.hasAttribute("data-fixed"); }
  say(name, values) { announce(this.dataset[`say${name}`], values); }

  /* Where a card stands: enough to put it back, or to see that it moved. */
  place(card) { return { card, list: card.parentElement, next: card.nextElementSibling }; }
  isAt(card, place) { return card.parentElement === place.list && (this.fixed || card.nextElementSibling === place.next); }

  restore(place) {
    if (place.list.isConnected) place.list.insertBefore(place.card, place.next?.parentElement === place.list ? place.next : null);
  }

  /* Fill the card's form from where the card stands now, and send it. */
  send(card, from) {
    const form = card.querySelector("form[data-move]");
    if (!form || this.isAt(card, from)) return;
    const next = near(card, "nextElementSibling", "[data-card], [data-more]");
    const above = next ? null : near(card, "previousElementSibling", "[data-card]");
    form.elements.stage.value = stageOf(card);
    form.elements.before.value = this.fixed ? "" : (next?.dataset.card ?? next?.dataset.next ?? "");
    form.elements.after.value = this.fixed ? "" : (above?.dataset.card ?? "");
    card.from = from;
    this.#refocus = card.contains(document.activeElement) ? card.dataset.card : "";
    card.setAttribute("aria-busy", "true");
    form.requestSubmit();
  }

  putBack() {
    const { card, from } = this.picked;
    this.picked = null;
    card.classList.remove("is-picked");
    this.restore(from);
    this.say("Back", { name: this.title(card) });
  }

  title(card) { return card.querySelector(".op-card__t")?.textContent.trim() ?? ""; }
  #answered(event) {
    const card = event.target.closest("[data-card]");
    if (!card?.from || !event.target.matches("form[data-move]")) return;
    const { from } = card;
    card.from = null;
    card.removeAttribute("aria-busy");
    if (event.detail.xhr.status >= 200 && event.detail.xhr.status < 400) return;
    this.restore(from);
    this.say("Refused", { name: this.title(card) });
  }

  #wire() {
    if (this.#refocus && document.activeElement === document.body) {
      this.querySelector(`[data-card="${this.#refocus}"] .op-card__t`)?.focus();
      this.#refocus = "";
    }
    for (const list of this.querySelectorAll("[data-list]")) {
      if (this.#sortable.get(list)) continue;
      this.#sortable.create(list, this.#options({ sort: !this.fixed }));
      this.#scrollBack(list);
    }
    for (const zone of this.querySelectorAll("[data-zone]")) {
      if (!this.#sortable.get(zone)) this.#sortable.create(zone, this.#options({ sort: false, group: { name: "cards", pull: false } }));
    }
  }

  #options(more) {
    return {
      group: "cards",
      draggable: "[data-card][data-may]",
      filter: ".op-card__quick, .op-card__quick *, [aria-busy='true']",
      preventOnFilter: false,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
      delay: 180,
      delayOnTouchOnly: true,
      forceFallback: true,
      fallbackOnBody: true,
      fallbackTolerance: 4,
      scroll: true,
      onStart: ({ item }) => this.#start(item),
      onMove: ({ to }) => this.#over(to),
      onEnd: ({ item, to }) => this.#drop(item, to),
      ...more,
    };
  }

  #start(card) {
    equip(this, card);
    this.dragged = this.place(card);
    const zones = this.querySelector(".op-zones");
    for (const zone of zones?.querySelectorAll("[data-zone]") ?? []) zone.hidden = !card.querySelector(`[data-act="${zone.dataset.zone}"]`);
    zones?.classList.add("is-open");
  }

  #over(to) {
    for (const target of this.querySelectorAll(".is-over, .is-target")) target.classList.remove("is-over", "is-target");
    if (to?.dataset.zone) to.classList.add("is-over");
    else to?.closest("[data-stage]")?.classList.add("is-target");
  }

  #drop(card, to) {
    const from = this.dragged;
    this.dragged = null;
    this.#over(null);
    this.querySelector(".op-zones")?.classList.remove("is-open");
    /* Letting go over the card's own link is not a click on it. */
    const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
    addEventListener("click", swallow, { capture: true });
    setTimeout(() => {
      removeEventListener("click", swallow, { capture: true });
      if (!to.dataset.zone) return this.send(onTopIfFolded(card, from), from);
      this.restore(from);
      card.querySelector(".op-card__t")?.focus();
      card.querySelector(`[data-act="${to.dataset.zone}"]`)?.click();
    });
  }
}

customElements.define("kanban-board", KanbanBoard);
