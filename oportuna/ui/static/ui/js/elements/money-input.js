/* Writes an amount as it is read here, 1.234,50, when one leaves the field. What is not plainly an amount stays as
   typed: the server says what is wrong with it. */
const PLAIN = /^(?:R\$)?\s*(\d+|\d{1,3}(?:\.\d{3})+)(?:,(\d{1,2}))?$/;

class MoneyInput extends HTMLElement {
  connectedCallback() {
    this.querySelector("input")?.addEventListener("change", (event) => {
      const [, whole, cents = ""] = event.target.value.trim().match(PLAIN) ?? [];
      if (!whole) return;
      const plain = whole.replaceAll(".", "").replace(/^0+(?=\d)/, "");
      event.target.value = `${plain.replace(/\B(?=(\d{3})+$)/g, ".")},${cents.padEnd(2, "0")}`;
    });
  }
}

customElements.define("money-input", MoneyInput);
