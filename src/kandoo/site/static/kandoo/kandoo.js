/* Small helps; every page works without them. */
(function () {
  "use strict";

  /* A form is sent once. The pressed button says what is being done (data-busy) until the answer comes. */
  function rest(form) {
    delete form.dataset.sent;
    form.querySelectorAll("[data-rest]").forEach(function (button) {
      button.querySelector("[data-words]").textContent = button.dataset.rest;
      button.classList.remove("k-busy");
      button.removeAttribute("aria-disabled");
      delete button.dataset.rest;
    });
  }

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-again") || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button && button.classList.contains("btn")) {
      if (!button.querySelector("[data-words]")) {
        const words = document.createElement("span");
        words.dataset.words = "";
        words.textContent = button.textContent.trim();
        button.replaceChildren(words);
      }
      const words = button.querySelector("[data-words]");
      button.dataset.rest = words.textContent;
      words.textContent = button.dataset.busy || words.textContent;
      button.classList.add("k-busy");
      button.setAttribute("aria-disabled", "true");
    }
    window.setTimeout(rest, 15000, form);
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(rest);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    const form = event.target.closest && event.target.closest("form");
    if (form) rest(form);
  });

  /* Menus close on Escape, on a click elsewhere and when another opens. */
  const menus = "details.k-menu[open], details.k-tab-more[open]";
  document.addEventListener("click", function (event) {
    document.querySelectorAll(menus).forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll(menus).forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  /* A page that comes back with faults begins at their list. */
  const faults = document.querySelector("[data-faults]");
  if (faults) faults.focus();

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-print]");
    if (button) window.print();
  });

  /* A security key that did not answer. */
  document.addEventListener("allauth.error", function (event) {
    const note = document.querySelector("[data-key-fault]");
    if (!note) return;
    event.preventDefault();
    note.hidden = false;
    note.focus();
  });
})();
