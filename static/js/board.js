// Arrow keys lead from room to room, as the eye does: the nearest in that direction, whatever the width of the page.
const AHEAD = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

function centre(element) {
  const box = element.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}

// Along the direction counts once, across it three times: a step down does not wander to the side.
function distance(from, to, [right, down]) {
  const [x, y] = [to[0] - from[0], to[1] - from[1]];
  const along = x * right + y * down;
  const across = Math.abs(x * down + y * right);
  return along > 4 ? along + 3 * across : Infinity;
}

function step(event) {
  const direction = AHEAD[event.key];
  const here = document.activeElement?.closest?.("[data-tile]");
  const grid = here?.closest("[data-grid]");
  if (!direction || !grid || event.ctrlKey || event.metaKey || event.altKey) return;
  const from = centre(here);
  const others = [...grid.querySelectorAll("[data-tile]")].filter((tile) => tile !== here);
  const near = others.map((tile) => [distance(from, centre(tile), direction), tile]).sort((a, b) => a[0] - b[0])[0];
  if (!near || near[0] === Infinity) return;
  event.preventDefault();
  near[1].focus();
}

document.addEventListener("keydown", step);
