// Nothing typed is ever lost: what a form with data-keep holds is kept on this computer, for this user, until it has
// arrived. Forms with data-autosave also store a draft on the server (htmx, see components/form.html).
// Passwords, files and hidden fields are never kept. Signing out by the button clears what was kept.
(function () {
  "use strict";

  const PREFIX = "kept:";
  const DAYS = 14;
  const WAIT = 400;
  const user = () => document.body.dataset.user || "";
  const words = (name) => (document.querySelector("[data-form-words]") || { dataset: {} }).dataset[name] || "";

  // --- The store. A full or forbidden localStorage must never disturb the form.
  const store = {
    read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* no room: the form itself still works */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* as above */ } },
    mine() { try { return Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${user()}:`)); } catch { return []; } },
  };

  function keyOf(form) {
    const name = (one) => one.id || one.getAttribute("action") || "";
    const alike = [...document.querySelectorAll("form[data-keep]")].filter((one) => name(one) === name(form));
    return `${PREFIX}${user()}:${location.pathname}#${name(form)}~${alike.indexOf(form)}`;
  }

  const kept = (field) => field.name && !field.disabled && !["password", "file", "hidden", "submit", "button", "search"].includes(field.type);

  function valuesOf(form) {
    const values = {};
    [...form.elements].filter(kept).forEach((field) => {
      const list = values[field.name] = values[field.name] || [];
      if (field.type === "checkbox" || field.type === "radio") { if (field.checked) list.push(field.value); }
      else if (field.type === "select-multiple") list.push(...[...field.selectedOptions].map((option) => option.value));
      else list.push(field.value);
    });
    return values;
  }

  function fill(form, values) {
    const seen = {};
    [...form.elements].filter(kept).forEach((field) => {
      const list = values[field.name];
      if (!list) return;
      if (field.type === "checkbox" || field.type === "radio") field.checked = list.includes(field.value);
      else if (field.type === "select-multiple") [...field.options].forEach((option) => { option.selected = list.includes(option.value); });
      else {
        seen[field.name] = seen[field.name] || 0;
        if (list[seen[field.name]] !== undefined) field.value = list[seen[field.name]];
        seen[field.name] += 1;
      }
    });
  }

  // Rows that were added by script are added again before they are filled.
  function addRows(form, values) {
    form.querySelectorAll("[data-rows]").forEach((rows) => {
      const numbers = Object.keys(values).map((name) => name.match(new RegExp(`^${rows.dataset.rows}-?(\\d+)(?:-|$)`))).filter(Boolean).map((found) => Number(found[1]));
      const button = rows.querySelector("[data-rows-add]");
      const total = rows.querySelector(`[name="${rows.dataset.rows}-TOTAL_FORMS"]`);
      for (let tries = 0; tries < 100 && button && !button.disabled && Number(total.value) <= Math.max(-1, ...numbers); tries += 1) button.click();
    });
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // --- What was kept is offered, never put back unasked.
  function offer(form) {
    const key = keyOf(form);
    const entry = store.read(key);
    if (!entry || same(entry.values, valuesOf(form))) return;
    const notice = document.createElement("div");
    notice.className = "kept no-print";
    notice.setAttribute("role", "status");
    const sentence = document.createElement("p");
    sentence.textContent = words("kept").replace("{when}", new Date(entry.at).toLocaleString(document.documentElement.lang, { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" }));
    const row = document.createElement("div");
    row.className = "btn-row";
    row.append(
      button(words("restore"), () => { addRows(form, entry.values); fill(form, entry.values); form.dispatchEvent(new Event("change", { bubbles: true })); }),
      button(words("forget"), () => store.drop(key)),
    );
    notice.append(sentence, row);
    form.prepend(notice);

    function button(label, act) {
      const node = document.createElement("button");
      node.type = "button";
      node.className = "btn";
      node.textContent = label;
      node.addEventListener("click", () => { act(); notice.remove(); const first = [...form.elements].find(kept); if (first) first.focus(); });
      return node;
    }
  }

  // An entry that was sent is dropped when the page that answers shows that it arrived: another page, or this one with
  // a word of success. The sign-in page (no user) and an error page (at the address of the form) prove nothing.
  function dropArrived() {
    if (!user()) return;
    const from = document.referrer && new URL(document.referrer).origin === location.origin ? new URL(document.referrer).pathname : "";
    const done = document.querySelector("[data-done]") !== null;
    store.mine().forEach((key) => {
      const entry = store.read(key);
      if (!entry || Date.now() - entry.at > DAYS * 86400000) { store.drop(key); return; }
      const elsewhere = location.pathname !== entry.page && location.pathname !== entry.action;
      if (!entry.sent || entry.page !== from) return;
      if (elsewhere || done) store.drop(key);
      else if (!document.querySelector("form[data-keep]")) store.write(key, { ...entry, sent: false });   // refused: it did not arrive
    });
  }

  function follow(form) {
    const key = keyOf(form);
    const begun = valuesOf(form);
    let timer = 0;
    let dirty = false;
    let sending = false;
    let flying = 0;        // autosaves on their way
    let waiting = null;    // the button that was pressed meanwhile

    const action = () => new URL(form.getAttribute("action") || location.href, location.href).pathname;
    const keep = (sent) => store.write(key, { at: Date.now(), page: location.pathname, action: action(), sent, values: valuesOf(form) });

    function changed() {
      dirty = !same(begun, valuesOf(form));
      clearTimeout(timer);
      timer = setTimeout(() => { if (dirty) keep(false); }, WAIT);
    }
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);

    form.addEventListener("submit", (event) => {
      if (sending || waiting) { event.preventDefault(); return; }   // the second click of a double click
      // An autosave on its way changes the version that this form was made from: its answer brings the new one.
      if (flying) { event.preventDefault(); waiting = event.submitter || form; return; }
      sending = true;
      clearTimeout(timer);
      if (dirty) keep(true);
    });
    window.addEventListener("pageshow", () => { sending = false; });
    window.addEventListener("beforeunload", (event) => {
      if (sending || !dirty) return;
      keep(false);
      event.preventDefault();
      event.returnValue = "";
    });

    // The draft on the server. Files travel with the form itself, not with every draft.
    form.addEventListener("htmx:configRequest", (event) => {
      if (event.detail.elt === form) form.querySelectorAll("input[type=file]").forEach((field) => { delete event.detail.parameters[field.name]; });
    });
    const saved = form.querySelector("#saved");
    form.addEventListener("htmx:beforeRequest", (event) => {
      if (event.detail.elt !== form) return;
      if (sending || waiting) event.preventDefault();   // what is typed travels with the form itself
      else flying += 1;
    });
    form.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.elt !== form) return;
      flying -= 1;
      if (!waiting || flying) return;
      const pressed = waiting === form ? null : waiting;
      waiting = null;
      form.requestSubmit(pressed);
    });
    form.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.elt !== form || !saved) return;
      if (event.detail.successful && !leftForSignIn(event.detail)) { dirty = false; store.drop(key); return; }
      keep(false);
      const xhr = event.detail.xhr;
      const refused = xhr && [409, 422].includes(xhr.status);   // the server's own sentence: what cannot be stored, or what changed
      saved.textContent = refused ? xhr.responseText : words(!(xhr && xhr.status) ? "offline" : xhr.status >= 500 ? "unavailable" : xhr.status === 404 ? "gone" : "signedOut");
    });
    window.addEventListener("online", () => { if (dirty && "autosave" in form.dataset) form.dispatchEvent(new Event("change", { bubbles: true })); });
  }

  // A request that ended on another address was led to the sign-in page: the session is over.
  function leftForSignIn(detail) {
    const answered = detail.xhr && detail.xhr.responseURL ? new URL(detail.xhr.responseURL).pathname : "";
    const asked = new URL(detail.requestConfig ? detail.requestConfig.path : detail.pathInfo.requestPath, location.href).pathname;
    return answered !== "" && answered !== asked;
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!leftForSignIn(event.detail)) return;
    event.detail.shouldSwap = false;
    if (!event.detail.elt.closest("form[data-keep]")) location.reload();   // the server then asks to sign in and comes back here
  });

  // How many characters are left, or too many: nothing is cut off, the server says the same. A short field says only that.
  function counter(field) {
    const most = Number(field.dataset.most);
    const said = document.createElement("p");
    const show = () => {
      const left = most - [...field.value].length;
      said.className = left < 0 ? "counter is-over" : "counter";
      said.textContent = words(left < 0 ? "over" : "left").replace("{n}", String(Math.abs(left)));
      said.hidden = left > (field.tagName === "TEXTAREA" ? most / 2 : -1);
    };
    field.addEventListener("input", show);
    field.insertAdjacentElement("afterend", said);
    show();
  }

  document.addEventListener("DOMContentLoaded", () => {
    dropArrived();
    document.querySelectorAll("form[data-keep]").forEach((form) => { follow(form); offer(form); });
    document.querySelectorAll("form.form [data-most]").forEach(counter);
    document.querySelectorAll("form[data-sign-out]").forEach((form) => form.addEventListener("submit", () => store.mine().forEach(store.drop)));
  });
})();
