/* Marks the tab of the column that fills the phone's screen. */
class StageTabs extends HTMLElement {
  #observer = null;

  connectedCallback() {
    const tabs = new Map([...this.querySelectorAll("a[href^='#']")].map((tab) => [tab.hash.slice(1), tab]));
    this.#observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        for (const tab of tabs.values()) tab.removeAttribute("aria-current");
        tabs.get(target.id).setAttribute("aria-current", "true");
        this.#show(tabs.get(target.id));
      }
    }, { threshold: 0.6 });
    for (const id of tabs.keys()) {
      const column = document.getElementById(id);
      if (column) this.#observer.observe(column);
    }
  }

  disconnectedCallback() { this.#observer?.disconnect(); }

  /* Not scrollIntoView: that would scroll the page as well. */
  #show(tab) {
    const bar = tab.parentElement;
    bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - 16;
  }
}

customElements.define("stage-tabs", StageTabs);
