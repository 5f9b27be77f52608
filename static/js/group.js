// A scanner types a document and Enter: on to the next booking without one. A passport has two lines, the first is kept.
const PASSPORT_LINE = 44;
const every = [...document.querySelectorAll("[data-scan]")];

function scanned(event) {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("[data-scan]")) return;
  event.preventDefault();
  const typed = event.target.value.trim();
  if (!typed || (typed.startsWith("P") && typed.length === PASSPORT_LINE)) return;
  const next = every.slice(every.indexOf(event.target) + 1).find((field) => !field.value);
  (next ?? document.querySelector("form button[value=complete]")).focus();
}

document.addEventListener("keydown", scanned);
(every.find((field) => field.ariaInvalid === "true") ?? every.find((field) => !field.value))?.focus();
