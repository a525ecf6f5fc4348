// Small comforts. Every page works without this file.
"use strict";

// A form that came back: begin at what is wrong.
document.querySelector("[data-focus]")?.focus();

// Count what is left of a limit; typing on is never cut off.
function count(field) {
  const told = document.getElementById(`c-${field.name}`);
  const left = Number(field.dataset.limit) - field.value.length;
  told.textContent = (left < 0 ? field.dataset.over : field.dataset.left).replace("%s", Math.abs(left));
  told.classList.toggle("fault", left < 0);
}
function countAll() {
  document.querySelectorAll("[data-limit]").forEach(count);
}
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-limit]")) count(event.target);
});
document.addEventListener("htmx:after:swap", countAll);
countAll();

// A second click does not send a form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  // An answer that leaves the page where it is, such as a file, must not lock the form for good.
  setTimeout(() => delete form.dataset.sent, 5000);
});
// Back in the browser's history the form may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// Who works a row off stands at the keys when the page opens; the page stays at its top, where the invoice is.
document.querySelector("[data-at-once]")?.focus({ preventScroll: true });

// One letter presses a button, but only while the focus is within the panel that shows it, never while somebody types.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  const panel = event.target.closest?.("[data-keys]");
  if (!panel || event.target.matches("input, select, textarea")) return;
  const wanted = [...panel.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key.toLowerCase());
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
});
