/* A column that is folded shows its name and figures alone, until it is unfolded; the server draws it so from the cookie. */
const YEAR = 31_536_000;

export const isFolded = (part) => part.closest("[data-stage]").classList.contains("is-folded");

/* A card that came into a folded column is its first: nobody sees between which ones. */
export function onTopIfFolded(card, from) {
  if (card.parentElement !== from.list && isFolded(card)) card.parentElement.prepend(card);
  return card;
}

export function foldOnClick(board) {
  board.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fold]");
    if (!button) return;
    const column = button.closest("[data-stage]");
    const folded = column.classList.toggle("is-folded");
    button.ariaExpanded = String(!folded);
    const kept = new Set((/(?:^|; )folded=([\d-]+)/.exec(document.cookie)?.[1] ?? "").split("-").filter(Boolean));
    kept[folded ? "add" : "delete"](column.dataset.stage);
    document.cookie = `folded=${[...kept].join("-")}; path=/; max-age=${YEAR}; samesite=lax`;
  });
}
