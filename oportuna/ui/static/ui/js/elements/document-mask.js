/* Punctuates a CPF or a CNPJ while it is typed. A CNPJ may hold letters in its first twelve places, so anything of
   more than eleven characters, or with a letter, is one. Editing in the middle is left alone until one leaves. */
function punctuated(text) {
  const bare = text.toUpperCase().replace(/[^0-9A-Z]/g, "").slice(0, 14);
  const person = bare.length <= 11 && /^\d*$/.test(bare);
  const cuts = person ? [[3, "."], [6, "."], [9, "-"]] : [[2, "."], [5, "."], [8, "/"], [12, "-"]];
  return [...bare].map((letter, at) => (cuts.find(([place]) => place === at)?.[1] ?? "") + letter).join("");
}

class DocumentMask extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    if (!input) return;
    const mask = () => { input.value = punctuated(input.value); };
    input.addEventListener("input", () => { if (input.selectionEnd === input.value.length) mask(); });
    input.addEventListener("change", mask);
  }
}

customElements.define("document-mask", DocumentMask);
