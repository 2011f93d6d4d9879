/* What one does with a card comes from the board's <template data-tools> when the card is first pointed at, focused or
   picked up: hundreds of cards need it, one at a time. data-may on a card is "work" or, with winning it, "close". */
export const mayWork = (card) => card.hasAttribute("data-may");

export function equipOnReach(board) {
  for (const reach of ["pointerover", "focusin"]) board.addEventListener(reach, ({ target }) => equip(board, target.closest("[data-card]")));
}

export function equip(board, card) {
  if (!card || !mayWork(card) || card.querySelector("form[data-move]")) return;
  const tools = board.querySelector("template[data-tools]").content.cloneNode(true);
  if (card.dataset.may !== "close") tools.querySelector("[data-closes]").remove();
  for (const tool of tools.querySelectorAll("[data-verb]")) {
    const address = `${card.querySelector(".op-card__t").pathname}${tool.dataset.verb}/`;
    const isForm = tool.matches("form");
    tool.setAttribute(isForm ? "action" : "href", address);
    tool.setAttribute(isForm ? "hx-post" : "hx-get", address);
  }
  for (const field of tools.querySelectorAll("[name='revision']")) field.value = card.dataset.revision;
  card.append(tools);
  window.htmx?.process(card);
}
