// Everything the page offers, by its name: its places, its keys and its buttons that lead somewhere. Nothing is fetched.
const palette = document.getElementById("palette");
const box = palette?.querySelector("input");
const list = palette?.querySelector("ul");
const OFFERS = ".places nav a, #keys a[data-key], main .page-head a, main .page-head .menu button, main nav.tabs a";
let offers = [];
let chosen = 0;

const name = (element) => {
  const copy = element.cloneNode(true);
  for (const key of copy.querySelectorAll("kbd")) key.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
};

// Two ways to one place are offered once.
function gather() {
  const found = new Map();
  for (const element of document.querySelectorAll(OFFERS)) {
    const label = name(element);
    if (label && !found.has(element.href ?? label)) found.set(element.href ?? label, { label, element });
  }
  return [...found.values()];
}

function option(offer, place) {
  const line = document.createElement("li");
  line.role = "option";
  line.id = `offer-${place}`;
  line.textContent = offer.label;
  line.addEventListener("click", () => follow(offer));
  return line;
}

function choose(place) {
  chosen = Math.min(Math.max(place, 0), list.children.length - 1);
  for (const line of list.children) line.ariaSelected = String(line === list.children[chosen]);
  list.children[chosen]?.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", list.children[chosen]?.id ?? "");
}

function show() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  offers = gather().filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
  list.replaceChildren(...offers.map(option));
  palette.querySelector("[data-nothing]").hidden = offers.length > 0;
  choose(0);
}

function follow(offer) {
  palette.close();
  offer?.element.click();
}

function open() {
  document.getElementById("keys")?.close();
  box.value = "";
  palette.showModal();
  box.focus();
  show();
}

function pressed(event) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(chosen + step);
  if (event.key === "Enter") follow(offers[chosen]);
  if (step || event.key === "Enter") event.preventDefault();
}

if (palette) {
  box.addEventListener("input", show);
  box.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-palette]")) open();
  });
}
