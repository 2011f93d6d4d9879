/* Opens its <dialog> when it arrives on the page and leaves with it; with data-closed it waits for open().
   The focus goes to the first wrong field, else the first field, and back to where it came from at the end. */
const FIELDS = "[aria-invalid='true'], [autofocus]";
const FIRST = "input:not([type='hidden']):not([disabled]), select, textarea";

class ModalDialog extends HTMLElement {
  static #opener = null;

  connectedCallback() {
    if (this.dialog) return;
    this.dialog = this.querySelector("dialog");
    /* Else its form goes the long way for whoever presses Enter within the 20 ms until htmx looks at what it swapped in. */
    window.htmx.process(this);
    this.dialog.addEventListener("close", () => this.#closed());
    this.addEventListener("click", (event) => {
      if (event.target === this.dialog || event.target.closest("[data-close]")) this.dialog.close();
    });
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      const button = this.querySelector("[data-confirm]");
      event.preventDefault();
      button?.form.requestSubmit(button);
    });
    if (!this.hasAttribute("data-closed")) this.open();
  }

  disconnectedCallback() {
    /* An answer may bring the next dialog in the same breath: only then does the focus stay. */
    setTimeout(() => { if (!document.querySelector("dialog[open]")) ModalDialog.#giveBack(); });
  }

  open() {
    const active = document.activeElement;
    if (active && active !== document.body && !active.closest("modal-dialog")) ModalDialog.#opener = active;
    if (!this.dialog.open) this.dialog.showModal();
    (this.dialog.querySelector(FIELDS) ?? this.dialog.querySelector(FIRST))?.focus();
  }

  #closed() {
    if (this.hasAttribute("data-closed")) ModalDialog.#giveBack();
    else this.remove();
  }

  static #giveBack() {
    const opener = ModalDialog.#opener;
    ModalDialog.#opener = null;
    if (!opener) return;
    const there = opener.isConnected ? opener : opener.id && document.getElementById(opener.id);
    there?.focus();
    /* What opened it is gone, or hidden with the menu that it stood in. */
    if (!there || document.activeElement !== there) document.getElementById("main")?.focus();
  }
}

customElements.define("modal-dialog", ModalDialog);
