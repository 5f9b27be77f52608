// A revealed value counts down its seconds and is masked again.
function countDown(shown) {
  const value = shown.querySelector("[data-plain]");
  const left = shown.querySelector("[data-left]");
  const ends = Date.now() + Number(shown.dataset.seconds) * 1000;
  const timer = setInterval(() => {
    const seconds = Math.ceil((ends - Date.now()) / 1000);
    left.textContent = left.dataset.left.replace("00", String(Math.max(0, seconds)));
    if (seconds > 0 && shown.isConnected) return;
    clearInterval(timer);
    value.textContent = shown.dataset.mask;
    value.classList.remove("shown");
    left.remove();
  }, 250);
}

function start(root) {
  const found = root.matches?.("[data-seconds]") ? [root] : root.querySelectorAll("[data-seconds]");
  for (const shown of found) {
    if (shown.dataset.counting) continue;
    shown.dataset.counting = "yes";
    countDown(shown);
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
