// What is typed is kept sealed on the server when the typing pauses for two seconds; nothing is kept in the browser.
const PAUSE = 2000;
const form = document.querySelector("form[data-draft]");
const state = document.querySelector("[data-draft-state]");
let timer;

async function save() {
  const body = new FormData(form);
  body.set("deed", "save");
  const answer = await fetch(form.dataset.draft, { method: "POST", body }).catch(() => null);
  state.textContent = answer?.ok ? await answer.text() : "";
}

function changed(event) {
  if (event.target.closest("[data-no-draft]")) return;
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

if (form && state) {
  form.addEventListener("input", changed);
  form.addEventListener("submit", () => clearTimeout(timer));
}
