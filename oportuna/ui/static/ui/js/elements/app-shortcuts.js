/* Keys from data-key: "n", "?", "Ctrl+k", or two in a row as "i d". A link or button is clicked, a field gets the
   focus. data-key-else acts where nothing else has that key. Keys inside [data-keys-scope] act only while the focus is
   in there. data-off silences the plain letters. */
const PAUSE = 1200;
const TYPING = "input:not([type='checkbox']):not([type='radio']):not([type='button']):not([type='submit']), textarea, select, [contenteditable='true']";

class AppShortcuts extends HTMLElement {
  #first = "";
  #timer = 0;
  #listener = (event) => this.#press(event);

  connectedCallback() { document.addEventListener("keydown", this.#listener); }

  disconnectedCallback() { document.removeEventListener("keydown", this.#listener); }

  #press(event) {
    if (event.defaultPrevented || event.isComposing || event.altKey || event.repeat) return;
    const typing = event.target.closest?.(TYPING);
    const control = event.ctrlKey || event.metaKey;
    if (control && event.shiftKey) return; // Ctrl+Shift+Z does again, what Ctrl+Z undoes
    const lower = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (control ? typing && lower === "z" : typing || this.hasAttribute("data-off")) return;
    const key = control ? `Ctrl+${lower}` : lower;
    const whole = this.#first ? `${this.#first} ${key}` : key;
    const found = this.#find(whole);
    if (found) {
      this.#forget();
      event.preventDefault();
      this.#act(found);
    } else if (!control && this.#begins(whole)) {
      event.preventDefault();
      this.#first = whole;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#forget(), PAUSE);
    } else {
      this.#forget();
      if (key === "Ctrl+k") event.preventDefault(); // in a dialog too it is not the browser's
      if (key === "j" || key === "k") this.#step(key === "j" ? 1 : -1, event);
    }
  }

  #forget() {
    clearTimeout(this.#timer);
    this.#first = "";
  }

  #candidates() {
    const dialog = [...document.querySelectorAll("dialog[open]")].pop();
    const scope = document.activeElement?.closest("[data-keys-scope]");
    const near = scope ? [...scope.querySelectorAll("[data-key]")] : [];
    const all = [...(dialog ?? document).querySelectorAll("[data-key]")];
    return [...near, ...all.filter((one) => !one.closest("[data-keys-scope]") && one.checkVisibility())];
  }

  #find(key) {
    const all = this.#candidates();
    return all.find((one) => one.dataset.key === key) ?? all.find((one) => one.dataset.keyElse === key);
  }

  #begins(key) { return this.#candidates().some((one) => one.dataset.key.startsWith(`${key} `)); }

  #act(target) {
    if (target.dataset.opens) document.getElementById(target.dataset.opens)?.open();
    else if (target.matches(TYPING)) target.focus();
    else target.click();
  }

  /* The next or the previous row of a list whose links carry data-step. */
  #step(by, event) {
    const rows = [...document.querySelectorAll("[data-step]")];
    if (!rows.length) return;
    event.preventDefault();
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at + by))].focus();
  }
}

customElements.define("app-shortcuts", AppShortcuts);
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  if (!opener || event.ctrlKey || event.metaKey) return;
  event.preventDefault(); // a link leads there for whoever has no script
  document.getElementById(opener.dataset.opens)?.open();
});
