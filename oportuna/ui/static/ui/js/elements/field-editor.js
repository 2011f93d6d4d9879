/* A field that is edited where it stands: Esc gives up by following its [data-cancel] link, and a choice is sent with
   Enter as any other field is. */
class FieldEditor extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input:not([type='hidden']), select, textarea");
    if (field && !this.contains(document.activeElement)) field.focus();
    if (field?.matches("input:not([type='date'])")) field.select();
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        this.querySelector("[data-cancel]")?.click();
      } else if (event.key === "Enter" && event.target.matches("select")) {
        event.preventDefault();
        this.querySelector("form")?.requestSubmit();
      }
    });
  }
}

customElements.define("field-editor", FieldEditor);
