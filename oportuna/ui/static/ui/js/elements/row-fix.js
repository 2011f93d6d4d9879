/* Sends the form of a row's wrong cells when one leaves the row, having changed one of them; Enter does so at once.
   What would begin with the figures as they were ([data-after-fixes]) waits until the row is checked: one sees it first. */
let sent = 0;

class RowFix extends HTMLElement {
  connectedCallback() {
    this.addEventListener("focusout", (event) => {
      const row = this.closest("tr, li");
      /* Whoever looks something up in another window has not left it. */
      if (!document.hasFocus() || row?.contains(event.relatedTarget)) return;
      const fields = [...this.querySelectorAll("input:not([type='hidden'])")];
      if (fields.some((field) => field.value !== field.defaultValue)) this.querySelector("form").requestSubmit();
    });
    this.addEventListener("htmx:beforeSend", (event) => {
      sent += 1;
      event.detail.xhr.addEventListener("loadend", () => { sent -= 1; });
    });
  }
}

document.addEventListener("submit", (event) => {
  if (sent && event.target.hasAttribute("data-after-fixes")) event.preventDefault();
}, { capture: true });

customElements.define("row-fix", RowFix);
