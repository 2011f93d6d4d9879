/* The palette: the server finds records as one types (htmx, into #found); this adds what the page can do and where the
   menu leads when it opens, and lets the arrows choose. Whatever has a data-key or data-command is a command. */
import { COMMANDS, PLACES, fill, plain } from "./palette-commands.js";

class CommandPalette extends HTMLElement {
  #isOpen = false;
  #chosen = null; // by the arrows; else the first
  #asked = ""; // what the answer under way is for
  #isOwed = false; // an answer for what was typed last
  #enters = false; // as soon as it is there

  connectedCallback() {
    this.field = this.querySelector("input[type='search']");
    this.found = this.querySelector("#found");
    this.field.addEventListener("focus", () => this.#begin());
    this.field.addEventListener("input", () => this.#typed());
    this.field.form.addEventListener("submit", (event) => event.preventDefault());
    this.closest("dialog").addEventListener("close", () => this.#end());
    this.addEventListener("htmx:beforeRequest", () => { this.#asked = this.field.value; });
    for (const end of ["htmx:afterOnLoad", "htmx:sendError"]) this.addEventListener(end, () => this.#answered());
    this.addEventListener("keydown", (event) => this.#press(event));
    this.addEventListener("click", (event) => {
      const option = event.target.closest("[role='option']");
      if (!option?.act || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      option.act();
    });
  }

  #begin() {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.found.replaceChildren();
    fill(this.querySelector("[data-do]"), COMMANDS, (command) => this.#run(command));
    fill(this.querySelector("[data-go]"), PLACES, (place) => { location.href = place.href; });
    this.#show();
  }

  #end() {
    window.htmx.trigger(this.field, "htmx:abort");
    this.#isOpen = this.#isOwed = this.#enters = false;
    this.#chosen = null;
    this.field.value = "";
    this.querySelectorAll("#found > *, [data-do] a, [data-go] a").forEach((one) => one.remove());
  }

  #typed() {
    this.#isOwed = true;
    this.#enters = false;
    this.#chosen = null;
    this.#show();
  }

  #answered() {
    if (!this.#isOpen) return this.found.replaceChildren();
    this.#isOwed = this.#asked !== this.field.value;
    this.#show();
    if (this.#enters && !this.#isOwed) this.#go();
  }

  #run(command) {
    this.closest("dialog").close();
    if (!command.isConnected) document.querySelector("toast-region")?.show("gone");
    else if (command.dataset.opens) document.getElementById(command.dataset.opens)?.open();
    else command.click();
  }

  get #options() {
    return [...this.querySelectorAll("[role='option']:not([aria-disabled])")].filter((one) => !one.hidden);
  }

  /* Commands and places whose name holds every word; the chosen one is marked for the eye and the screen reader. */
  #show() {
    const words = plain(this.field.value).split(" ").filter(Boolean);
    for (const box of this.querySelectorAll("[data-do], [data-go]")) {
      for (const one of box.querySelectorAll("a")) one.hidden = !words.every((word) => plain(one.textContent).includes(word));
      box.hidden = !box.querySelector("a:not([hidden])");
    }
    const options = this.#options;
    if (!options.includes(this.#chosen)) this.#chosen = null;
    const chosen = this.#chosen ?? options[0];
    for (const one of this.querySelectorAll("[role='option']")) {
      one.removeAttribute("id");
      one.ariaSelected = String(one === chosen);
    }
    options.forEach((one, place) => { one.id = `palette-${place}`; });
    if (chosen) this.field.setAttribute("aria-activedescendant", chosen.id);
    else this.field.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
    const none = this.querySelector(".op-pal__none");
    if (none) none.hidden = options.length > 0;
    this.querySelector("[data-said]").textContent = none && !none.hidden ? none.textContent : "";
  }

  #press(event) {
    if (event.isComposing || event.altKey || event.shiftKey) return;
    const control = event.ctrlKey || event.metaKey;
    const by = control ? 0 : { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const options = this.#options;
    if (by && options.length) {
      const at = options.findIndex((one) => one.ariaSelected === "true");
      this.#chosen = options[(at + by + options.length) % options.length];
      this.#show();
    } else if (event.key === "Enter") {
      if (event.repeat) return event.preventDefault();
      if (control) this.#openBeside();
      else if (this.#isOwed && !this.#chosen) this.#enters = true;
      else this.#go();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #go() {
    this.#enters = false;
    this.querySelector("[role='option'][aria-selected='true']")?.click();
  }

  #openBeside() {
    const chosen = this.querySelector("[role='option'][aria-selected='true']");
    if (chosen && chosen.getAttribute("href") !== "#") window.open(chosen.href, "_blank", "noopener");
  }
}

customElements.define("command-palette", CommandPalette);
