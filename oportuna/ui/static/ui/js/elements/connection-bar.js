/* Says that there is no connection, while there is none. It comes and goes in a live region that is always there. */
class ConnectionBar extends HTMLElement {
  #tell = () => { this.firstElementChild.hidden = navigator.onLine; };

  connectedCallback() {
    for (const change of ["online", "offline"]) addEventListener(change, this.#tell);
    this.#tell();
  }

  disconnectedCallback() { for (const change of ["online", "offline"]) removeEventListener(change, this.#tell); }
}

customElements.define("connection-bar", ConnectionBar);
