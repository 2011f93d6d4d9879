/* A page that was opened from a list: its address says where in it one stands (data-here). Reloaded after a change that takes it
   out of the list, or elsewhere in it, it still knows who is next. */
class ListTrail extends HTMLElement {
  connectedCallback() {
    if (this.dataset.here) history.replaceState(history.state, "", this.dataset.here + location.hash);
  }
}

customElements.define("list-trail", ListTrail);
