/* The board's keys: arrows walk from card to card; Space picks one up, then the arrows carry it, Space or Enter drops
   it and Esc returns it. */
import { isFolded } from "./kanban-fold.js";
import { equip, mayWork } from "./kanban-tools.js";

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const cardsOf = (list) => [...list.querySelectorAll(":scope > [data-card]")];
const focus = (card) => { (card.querySelector(".op-card__t") ?? card).focus(); card.scrollIntoView({ block: "nearest", inline: "nearest" }); };

export function press(board, event) {
  const card = event.target.closest("[data-card]");
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target !== card && !event.target.matches(".op-card__t")) return;
  const arrow = ARROWS[event.key];
  const space = event.key === " ";
  if (board.picked) {
    if (arrow) carry(board, card, ...arrow);
    else if (space || event.key === "Enter") drop(board, card);
    else if (event.key === "Escape") { board.putBack(); focus(card); }
    else return;
  } else if (arrow) walk(board, card, ...arrow);
  else if (space && mayWork(card)) pick(board, card);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function pick(board, card) {
  equip(board, card);
  board.picked = { card, from: board.place(card) };
  card.classList.add("is-picked");
  board.say("Picked", { name: board.title(card) });
}

function drop(board, card) {
  const { from } = board.picked;
  board.picked = null;
  card.classList.remove("is-picked");
  board.say("Dropped", where(board, card));
  board.send(card, from);
}

function walk(board, card, across, down) {
  const here = card.parentElement;
  const there = across ? neighbour(board, here, across, (list) => cardsOf(list).length) : here;
  const cards = there ? cardsOf(there) : [];
  const at = cardsOf(here).indexOf(card) + down;
  const next = across ? cards[Math.min(at, cards.length - 1)] : cards[at];
  if (next) focus(next);
}

/* Moving a node takes the focus from it, and losing the focus puts a picked card back: so it is put down meanwhile. */
function carry(board, card, across, down) {
  const held = board.picked;
  board.picked = null;
  if (across) {
    const there = neighbour(board, card.parentElement, across);
    if (there) there.insertBefore(card, cardsOf(there)[cardsOf(card.parentElement).indexOf(card)] ?? there.querySelector(":scope > [data-more]"));
  } else if (!board.fixed) {
    const other = down < 0 ? card.previousElementSibling : card.nextElementSibling;
    if (other?.matches("[data-card]")) other[down < 0 ? "before" : "after"](card);
  }
  focus(card);
  board.picked = held;
  board.say("Carried", where(board, card));
}

function neighbour(board, list, by, wanted = () => true) {
  const lists = [...board.querySelectorAll("[data-list]")].filter((one) => one === list || !isFolded(one));
  for (let at = lists.indexOf(list) + by; lists[at]; at += by) if (wanted(lists[at])) return lists[at];
  return null;
}

function where(board, card) {
  const cards = cardsOf(card.parentElement);
  const stage = card.closest("[data-stage]").querySelector("h2")?.textContent.trim() ?? "";
  return { name: board.title(card), stage, position: cards.indexOf(card) + 1, count: cards.length };
}
