/* The palette: the server finds records as one types (htmx, into #found); this adds what the page can do and where the
   menu leads when it opens, and lets the arrows choose. Whatever has a data-key or data-command is a command. */
const COMMANDS = "[data-key]:not(input, textarea, .op-nav__item, .op-nav__search), [data-command], [data-key='?']";
const PLACES = ".op-nav__list a, #person-menu a";

class CommandPalette extends HTMLElement {
  #at = 0;
  #isOpen = false;

  connectedCallback() {
    this.field = this.querySelector("input[type='search']");
    this.field.addEventListener("focus", () => this.#begin());
    this.field.addEventListener("input", () => { this.#at = 0; this.#show(); });
    this.field.form.addEventListener("submit", (event) => event.preventDefault());
    this.closest("dialog").addEventListener("close", () => this.#end());
    this.addEventListener("htmx:afterSwap", () => this.#show());
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
    this.#fill("[data-do]", COMMANDS, (command) => this.#run(command));
    this.#fill("[data-go]", PLACES, (place) => { location.href = place.href; });
    this.#show();
  }

  #end() {
    this.#isOpen = false;
    this.#at = 0;
    this.field.value = "";
    this.querySelectorAll("#found > *, [data-do] a, [data-go] a").forEach((one) => one.remove());
  }

  /* One option for each thing on the page outside dialogs; a card's tools belong to their card. */
  #fill(group, selector, act) {
    const box = this.querySelector(group);
    for (const one of document.querySelectorAll(selector)) {
      if (one.closest("dialog, [data-keys-scope], template")) continue;
      const option = document.createElement("a");
      option.role = "option";
      option.tabIndex = -1;
      option.href = one.href ?? "#";
      option.act = () => act(one);
      const label = document.createElement("span");
      label.textContent = nameOf(one);
      option.append(one.querySelector("svg")?.cloneNode(true) ?? "", label, keysOf(one));
      box.append(option);
    }
  }

  #run(command) {
    this.closest("dialog").close();
    if (command.dataset.opens) document.getElementById(command.dataset.opens)?.open();
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
    this.#at = Math.max(0, Math.min(this.#at, options.length - 1));
    const chosen = options[this.#at];
    for (const one of this.querySelectorAll("[role='option']")) one.ariaSelected = String(one === chosen);
    options.forEach((one, place) => { one.id = `palette-${place}`; });
    if (chosen) this.field.setAttribute("aria-activedescendant", chosen.id);
    else this.field.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  #press(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const options = this.#options;
    if (by && options.length) {
      this.#at = (this.#at + by + options.length) % options.length;
      this.#show();
    } else if (event.key === "Enter" && options[this.#at]) {
      const chosen = options[this.#at];
      if ((event.ctrlKey || event.metaKey) && chosen.getAttribute("href") !== "#") window.open(chosen.href, "_blank", "noopener");
      else chosen.click();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();

function nameOf(one) {
  const said = one.dataset.command || one.dataset.keyLabel || one.ariaLabel;
  if (said) return said;
  const copy = one.cloneNode(true);
  copy.querySelectorAll("kbd, svg").forEach((part) => part.remove());
  return copy.textContent.trim();
}

function keysOf(one) {
  const keys = document.createElement("span");
  keys.className = "op-keys";
  for (const cap of (one.dataset.key ?? "").split(/[ +]/).filter(Boolean)) {
    const key = document.createElement("kbd");
    key.className = "op-kbd";
    key.textContent = cap.length === 1 ? cap.toUpperCase() : cap;
    keys.append(key);
  }
  return keys;
}

customElements.define("command-palette", CommandPalette);
