// A page left alone is covered by an opaque layer; what was typed stays beneath it, and only the same person goes on.
const lock = document.getElementById("lock");
const shell = document.getElementById("shell");
const after = Number(lock?.dataset.after ?? 600) * 1000;
let lastTouch = Date.now();

function cover() {
  lock.hidden = false;
  shell.inert = true;
  document.getElementById("lock-password")?.focus();
}

function uncover() {
  lock.hidden = true;
  shell.inert = false;
  lastTouch = Date.now();
  for (const name of ["lock-password", "lock-code"]) document.getElementById(name).value = "";
  document.getElementById("lock-answer").textContent = "";
}

if (lock) {
  for (const kind of ["keydown", "pointerdown", "input"]) {
    document.addEventListener(kind, () => {
      if (lock.hidden) lastTouch = Date.now();
    });
  }
  setInterval(() => {
    if (lock.hidden && Date.now() - lastTouch >= after) cover();
  }, 1000);
  document.addEventListener("visibilitychange", () => {
    if (lock.hidden && Date.now() - lastTouch >= after) cover();
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 423) cover();
  });
  document.addEventListener("unlocked", uncover);
}
