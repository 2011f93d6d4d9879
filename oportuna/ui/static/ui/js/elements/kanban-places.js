/* Where things stand on the board. */
export const stageOf = (part) => part.closest("[data-stage]").dataset.stage;

/* The nearest sibling that way ("nextElementSibling", "previousElementSibling") that matches. */
export function near(card, way, selector) {
  let other = card[way];
  while (other && !other.matches(selector)) other = other[way];
  return other;
}

/* A column that the server has drawn anew is scrolled to where it was by the function that this returns. */
export function rememberScroll(board) {
  const tops = new Map();
  board.addEventListener("scroll", ({ target }) => {
    if (target.matches("[data-list]")) tops.set(stageOf(target), target.scrollTop);
  }, true);
  return (list) => { list.scrollTop = tops.get(stageOf(list)) ?? 0; };
}
