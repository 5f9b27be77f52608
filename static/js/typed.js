// What a person types while the server still answers stays typed: the answer replaces fields, not what was written
// into them since it was asked for.
const typed = new WeakMap();
const asked = new WeakMap();
const CONTROL = "input, select, textarea";
let moment = 0;
let since = 0;
let kept = [];

const isTyped = (one) => typed.get(one) > since;
const isTick = (one) => one.type === "checkbox" || one.type === "radio";
const namesake = (one) =>
  [...document.getElementsByName(one.name)].find((other) => !isTick(one) || other.value === one.value);

function keepInside(event) {
  kept.push(...[...event.detail.target.querySelectorAll(CONTROL)].filter(isTyped));
}

function keepItself(event) {
  if (isTyped(event.detail.target)) event.detail.shouldSwap = false;
  else keepInside(event);
}

function restore() {
  for (const one of kept.splice(0)) {
    const now = namesake(one);
    if (!now || now === one) continue;
    if (isTick(one)) now.checked = one.checked;
    else now.value = one.value;
    typed.set(now, typed.get(one));
  }
}

document.addEventListener("input", (event) => typed.set(event.target, ++moment));
document.addEventListener("htmx:beforeSend", (event) => asked.set(event.detail.xhr, ++moment));
document.addEventListener("htmx:beforeSwap", (event) => {
  since = asked.get(event.detail.xhr);
  keepInside(event);
});
document.addEventListener("htmx:oobBeforeSwap", keepItself);
document.addEventListener("htmx:afterSwap", restore);
