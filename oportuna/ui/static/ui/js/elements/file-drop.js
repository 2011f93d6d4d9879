/* Shows which file was chosen or dropped: its name goes into [data-file-name]. */
class FileDrop extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input[type='file']");
    const area = this.querySelector(".op-drop");
    const name = this.querySelector("[data-file-name]");
    if (!input) return;
    for (const over of ["dragenter", "dragover"]) input.addEventListener(over, () => area?.classList.add("is-over"));
    for (const gone of ["dragleave", "drop"]) input.addEventListener(gone, () => area?.classList.remove("is-over"));
    input.addEventListener("change", () => {
      if (name && input.files.length) name.textContent = [...input.files].map((file) => file.name).join(", ");
      if (input.files.length && this.hasAttribute("data-submit")) input.form.requestSubmit();
    });
  }
}

customElements.define("file-drop", FileDrop);
