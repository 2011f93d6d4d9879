/* Marks the tab of the column that fills the phone's screen, and brings the column of a tab there: sideways only. */
const MARGIN = 14;

class StageTabs extends HTMLElement {
  #observer = null;

  connectedCallback() {
    this.addEventListener("click", this);
    const tabs = new Map([...this.querySelectorAll("a[href^='#']")].map((tab) => [tab.hash.slice(1), tab]));
    this.#observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        for (const tab of tabs.values()) tab.removeAttribute("aria-current");
        tabs.get(target.id).setAttribute("aria-current", "true");
        this.#show(tabs.get(target.id));
      }
    }, { rootMargin: "0px -49%" });
    for (const id of tabs.keys()) {
      const column = document.getElementById(id);
      if (column) this.#observer.observe(column);
    }
  }

  handleEvent(event) {
    const column = document.getElementById(event.target.closest("a")?.hash.slice(1));
    if (!column) return;
    event.preventDefault();
    column.parentElement.scrollLeft = column.offsetLeft - column.parentElement.offsetLeft - MARGIN;
  }

  disconnectedCallback() { this.#observer?.disconnect(); }

  /* Not scrollIntoView: that would scroll the page as well. */
  #show(tab) {
    const bar = tab.parentElement;
    bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - MARGIN;
  }
}

customElements.define("stage-tabs", StageTabs);
