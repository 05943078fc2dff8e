// Small comforts of every page. Nothing here is needed to do a job: without scripts every page works the same.
(function () {
  "use strict";

  const each = (root, selector, act) => root.querySelectorAll(selector).forEach(act);

  // What only makes sense with scripts is hidden in the HTML and shown here.
  function showButtons(root) {
    each(root, "[data-print], [data-rows-add], [data-boxes-bar], [data-boxes-all], [data-pick-all]", (node) => { node.hidden = false; });
  }

  // --- Repeated rows of a form (a Django formset): the template's __prefix__ becomes the next number.
  function addRow(button) {
    const rows = button.closest("[data-rows]");
    const total = rows.querySelector(`[name="${rows.dataset.rows}-TOTAL_FORMS"]`);
    const number = Number(total.value);
    const most = Number(rows.querySelector(`[name="${rows.dataset.rows}-MAX_NUM_FORMS"]`).value);
    if (number >= most) { button.disabled = true; return; }
    const html = rows.querySelector("[data-rows-template]").innerHTML
      .replace(/__prefix__/g, String(number)).replace(/__number__/g, String(number + 1));
    button.insertAdjacentHTML("beforebegin", html);
    total.value = String(number + 1);
    const first = button.previousElementSibling.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
  }

  // --- A long list of boxes: find in it, take a whole group.
  function shownBoxes(group) {
    return [...group.querySelectorAll(".form-check:not([hidden]) input[type=checkbox]:not(:disabled)")];
  }

  function countBoxes(list) {
    const said = list.querySelector("[data-boxes-count]");
    const taken = list.querySelectorAll("input:checked").length;
    if (said) said.textContent = taken ? said.dataset.words.replace("{n}", String(taken)) : "";
  }

  function findBoxes(list, words) {
    const wanted = words.trim().toLowerCase();
    each(list, "[data-boxes-group]", (group) => {
      const name = group.dataset.boxesGroup.toLowerCase();
      let shown = 0;
      each(group, ".form-check", (box) => {
        box.hidden = wanted !== "" && !name.includes(wanted) && !box.textContent.toLowerCase().includes(wanted);
        if (!box.hidden) shown += 1;
      });
      group.hidden = shown === 0;
    });
  }

  function takeGroup(button) {
    const group = button.closest("[data-boxes-group]");
    const boxes = shownBoxes(group);
    const take = boxes.some((box) => !box.checked);
    boxes.forEach((box) => { box.checked = take; });
    if (boxes.length) boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
  }

  // --- Rows picked in a list.
  function countPicked(form) {
    const picked = form.querySelectorAll("[data-pick]:checked").length;
    const all = form.querySelector("[data-pick-all] input");
    if (all) {
      all.checked = picked > 0 && picked === form.querySelectorAll("[data-pick]").length;
      all.indeterminate = picked > 0 && !all.checked;
    }
    each(form, "[data-pick]", (box) => { const row = box.closest("tr"); if (row) row.classList.toggle("is-picked", box.checked); });
    const said = form.querySelector("[data-bulk-count]");
    if (said) {
      said.dataset.none = said.dataset.none || said.textContent;
      said.textContent = picked ? said.dataset.words.replace("{n}", String(picked)) : said.dataset.none;
    }
  }

  // --- One listener for each kind of event, so that parts renewed by htmx need no setting up.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && "print" in button.dataset) window.print();
    if (button && "rowsAdd" in button.dataset) addRow(button);
    if (button && "boxesAll" in button.dataset) takeGroup(button);
    each(document, "details.menu[open]", (menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    each(document, "details.menu[open]", (menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-boxes-find]")) findBoxes(event.target.closest("[data-boxes]"), event.target.value);
  });

  document.addEventListener("change", (event) => {
    const list = event.target.closest("[data-boxes]");
    if (list) countBoxes(list);
    const all = event.target.closest("[data-pick-all]");
    const form = event.target.closest("form");
    if (all && form) each(form, "[data-pick]", (box) => { box.checked = event.target.checked; });
    if (form && (all || event.target.matches("[data-pick]"))) countPicked(form);
  });

  // The second click of a double click. Forms that keep what is typed see to it themselves (form.js), as htmx does.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "keep" in form.dataset) return;
    if ("sent" in form.dataset) { event.preventDefault(); return; }
    form.dataset.sent = "";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", () => each(document, "form[data-sent]", (form) => { delete form.dataset.sent; }));

  // The search box of a long list is no part of the form: Enter must not send it.
  document.addEventListener("keypress", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-boxes-find]")) event.preventDefault();
  });

  function ready(root) {
    showButtons(root);
    each(root, "[data-boxes]", countBoxes);
    each(root, "form", (form) => { if (form.querySelector("[data-pick]")) countPicked(form); });
  }

  document.addEventListener("DOMContentLoaded", () => {
    ready(document);
    const summary = document.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  });
  document.addEventListener("htmx:load", (event) => ready(event.detail.elt.parentElement || document));

  // A part of the page that could not be renewed says so. Drafts have their own words (form.js).
  function say(words) {
    let notice = document.querySelector("[data-failed-notice]");
    if (!notice) {
      notice = document.createElement("div");
      notice.className = "message message--error";
      notice.setAttribute("role", "alert");
      notice.dataset.failedNotice = "";
      document.querySelector("main").prepend(notice);
    }
    notice.replaceChildren(Object.assign(document.createElement("p"), { textContent: words }));
    notice.scrollIntoView({ block: "nearest" });
  }
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, (event) => {
    if (!event.detail.elt.closest("form[data-autosave]")) say(document.querySelector("[data-form-words]").dataset.failed);
  }));
  document.addEventListener("htmx:afterOnLoad", () => each(document, "[data-failed-notice]", (notice) => notice.remove()));

  // A long fold is printed open.
  window.addEventListener("beforeprint", () => each(document, "details.how:not([open])", (fold) => { fold.open = true; fold.dataset.shut = ""; }));
  window.addEventListener("afterprint", () => each(document, "details[data-shut]", (fold) => { fold.open = false; delete fold.dataset.shut; }));
})();
