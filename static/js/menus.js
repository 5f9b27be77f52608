// An open menu closes with Escape and with a press elsewhere.
function closeAll(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu.contains(except)) continue;
    menu.open = false;
  }
}

document.addEventListener("pointerdown", (event) => closeAll(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.activeElement?.closest?.("details.menu[open]")?.querySelector("summary").focus();
  closeAll(null);
});
