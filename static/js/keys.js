// One key for each deed: an element with data-key="w" (or "g a") is pressed when its key is typed outside a field.
// Inside a list the key of a row goes to the row under focus, else to the first row that has it. What the page does not
// show has its key on the sheet of keys.
const STORE = "keys-off";
const sheet = document.getElementById("keys");
const toggle = sheet?.querySelector("[data-keys-switch]");
// The same key of a Chinese keyboard.
const SAME = { "。": ".", "？": "?", "、": "/" };
let waiting = "";
let waitingUntil = 0;

const isTyping = (element) => element?.closest?.("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
const isSeen = (element) => element.checkVisibility?.() ?? true;

function target(key) {
  const every = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  const all = every.filter((element) => isSeen(element) || sheet?.contains(element));
  const row = document.activeElement?.closest?.("[data-row]");
  return all.find((element) => row?.contains(element)) ?? all[0];
}

function press(key) {
  if (key === "?") {
    sheet?.showModal();
    return true;
  }
  if (key === "/") {
    document.getElementById("search")?.select();
    document.getElementById("search")?.focus();
    return true;
  }
  const found = target(key);
  found?.click();
  return Boolean(found);
}

function moveRow(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement?.closest?.("[data-row]"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  next.querySelector("a, button")?.focus();
  return true;
}

function typed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!document.getElementById("lock")?.hidden && document.getElementById("lock")) return;
  if (document.querySelector("dialog[open]") || localStorage.getItem(STORE)) return;
  const inSearch = document.activeElement?.id === "search" && !document.activeElement.value;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const inList = inSearch || document.activeElement?.closest?.("[data-row]");
    if (inList && moveRow(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    return;
  }
  if (isTyping(document.activeElement)) {
    if (event.key === "Escape") document.activeElement.blur();
    return;
  }
  const letter = SAME[event.key] ?? event.key;
  const key = Date.now() < waitingUntil ? `${waiting} ${letter}` : letter;
  waitingUntil = 0;
  if (letter === "g" && !key.includes(" ")) {
    waiting = "g";
    waitingUntil = Date.now() + 1500;
    return;
  }
  if (press(key)) event.preventDefault();
}

document.addEventListener("keydown", typed);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-open-keys]")) sheet?.showModal();
});
if (toggle) {
  toggle.checked = !localStorage.getItem(STORE);
  toggle.addEventListener("change", () => {
    if (toggle.checked) localStorage.removeItem(STORE);
    else localStorage.setItem(STORE, "1");
  });
}
