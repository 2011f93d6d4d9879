/* Tom Select around a select or an input. With data-url the server answers ?q= with [{value, text, note}]; without it
   the options on the page are searched. data-create allows a new one, named by data-new. */
class CustomerPicker extends HTMLElement {
  #select = null;

  async connectedCallback() {
    const field = this.querySelector("select, input");
    if (!field || this.#select) return;
    await import("../../../vendor/tom-select/dist/js/tom-select.complete.min.js");
    if (!this.isConnected || this.#select) return;
    const url = this.dataset.url;
    const focused = document.activeElement === field;
    this.#select = new globalThis.TomSelect(field, {
      valueField: "value",
      labelField: "text",
      searchField: url ? [] : ["text"],
      create: this.hasAttribute("data-create"),
      createOnBlur: this.hasAttribute("data-create"),
      maxOptions: 200,
      maxItems: field.multiple ? null : 1,
      preload: url ? "focus" : false,
      plugins: field.multiple ? ["remove_button"] : [],
      allowEmptyOption: !url && !field.multiple && !field.required,
      hidePlaceholder: true,
      closeAfterSelect: !field.multiple,
      ...(url && { load: (text, done) => this.#load(url, text, done), shouldLoad: () => true }),
      render: {
        option: (one, escape) => `<div>${escape(one.text)}${one.note ? `<small>${escape(one.note)}</small>` : ""}</div>`,
        item: (one, escape) => `<div>${escape(one.text)}</div>`,
        no_results: (_one, escape) => `<div class="no-results">${escape(this.dataset.none ?? "")}</div>`,
        option_create: (one, escape) => `<div class="create">${escape((this.dataset.new ?? "{name}").replace("{name}", one.input))}</div>`,
        loading: () => '<div class="spinner-border spinner-border-sm m-2" aria-hidden="true"></div>',
      },
    });
    /* Whoever listens meets the box that Tom Select made, not the field behind it. */
    const box = this.#select.control_input;
    for (const name of ["aria-describedby", "aria-invalid"]) if (field.hasAttribute(name)) box.setAttribute(name, field.getAttribute(name));
    field.ariaHidden = "true";
    if (focused) this.#select.focus();
    /* The field itself changes for whoever listens to it: htmx, another element. */
    this.#select.on("change", () => this.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: this.#select.getValue() })));
  }

  disconnectedCallback() {
    this.#select?.destroy();
    this.#select = null;
  }

  #load(url, text, done) {
    this.pending?.abort();
    this.pending = new AbortController();
    const address = new URL(url, location.href);
    address.searchParams.set("q", text);
    this.#select?.clearOptions();
    fetch(address, { signal: this.pending.signal, headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : []))
      .then(done, () => done());
  }
}

customElements.define("customer-picker", CustomerPicker);
