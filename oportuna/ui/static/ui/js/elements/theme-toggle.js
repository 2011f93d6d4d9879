/* Shows the other theme at once; the form tells the server, which remembers it for the next page. */
class ThemeToggle extends HTMLElement {
  #system = matchMedia("(prefers-color-scheme: dark)");

  connectedCallback() {
    this.#name();
    this.addEventListener("htmx:beforeRequest", this.#flip);
    this.#system.addEventListener("change", this.#name);
  }

  disconnectedCallback() {
    this.#system.removeEventListener("change", this.#name);
  }

  #flip = () => {
    document.documentElement.dataset.bsTheme = this.querySelector("button").value;
    for (const toggle of document.querySelectorAll("theme-toggle")) toggle.#name();
  };

  #name = () => {
    const chosen = document.documentElement.dataset.bsTheme;
    const dark = chosen ? chosen === "dark" : this.#system.matches;
    const button = this.querySelector("button");
    button.value = dark ? "light" : "dark";
    button.querySelector("span").textContent = dark ? this.dataset.light : this.dataset.dark;
  };
}

customElements.define("theme-toggle", ThemeToggle);
