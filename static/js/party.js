// A companion more, without asking the server: the empty form stands in a template.
const template = document.getElementById("companion");
const party = document.getElementById("party");
const total = document.querySelector("[name$=-TOTAL_FORMS]");

function addCompanion(event) {
  const number = Number(total.value);
  if (!event.target.closest("[data-add-companion]") || number >= 20) return;
  event.preventDefault();
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", String(number));
  const added = holder.content.querySelector("[data-person]");
  party.append(added);
  total.value = String(number + 1);
  window.htmx?.process(added);
  added.querySelector("[name$=-document_number]")?.focus();
}

// A scanner types Enter after a document number: that reads the number and goes on, it does not complete the form.
function scanned(event) {
  if (event.key !== "Enter" || !event.target.matches?.("[name$=-document_number]")) return;
  event.preventDefault();
  event.target.closest("[data-person]").querySelector("[name$=-expires_on]").focus();
}

document.addEventListener("keydown", scanned);
if (template) document.addEventListener("click", addCompanion);
