// Everything here only makes the page nicer: it works without.
"use strict";

const POLL = 4000;
const dialog = document.querySelector("dialog.sheet");

function raise() {
  // A real modal: the browser keeps the focus inside and dims what lies behind.
  if (!dialog) return;
  dialog.parentElement.classList.add("raised");
  dialog.removeAttribute("open");
  dialog.showModal();
  const wanted = dialog.querySelector("[autofocus]");
  if (wanted) wanted.focus();
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    dialog.querySelector("button.aside").click();
  });
  for (const link of dialog.querySelectorAll(".summary a")) {
    link.addEventListener("click", (event) => {
      const asked = document.getElementById(link.hash.slice(1));
      const answer = asked && (asked.matches("legend") ? asked.parentElement.querySelector("input") : asked);
      if (!answer) return;
      event.preventDefault();
      answer.focus();
    });
  }
}

function sendOnce() {
  // A second press while the first is under way sends nothing; the server would do it once anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
}

function writing() {
  const write = document.getElementById("write");
  if (!write) return;
  write.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (write.value.trim()) write.form.requestSubmit();
  });
  if (!dialog && !window.location.hash && window.matchMedia("(hover: hover)").matches) write.focus({ preventScroll: true });
}

function menus() {
  // An open menu closes with Esc and when something else is pressed.
  const open = () => document.querySelectorAll(".player[open], .other-move[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
}

function news() {
  // What others did appears without a reload, unless the person is in the middle of something in the messages.
  let stamp = document.body.dataset.stamp;
  if (!stamp || dialog) return;
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch("/stamp");
      const now = answer.ok ? await answer.text() : stamp;
      const messages = document.getElementById("messages");
      if (now === stamp || messages.contains(document.activeElement) || messages.querySelector("details[open]")) return;
      const page = await fetch(window.location.pathname + window.location.search);
      if (!page.ok) return;
      const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
      if (fresh.querySelector("dialog.sheet")) return;
      for (const id of ["messages", "places"]) {
        document.getElementById(id).replaceChildren(...fresh.getElementById(id).childNodes);
      }
      stamp = fresh.body.dataset.stamp;
    } catch {
      // The desk is restarting; the next look will find it.
    }
  }, POLL);
}

document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
raise();
sendOnce();
writing();
menus();
news();
