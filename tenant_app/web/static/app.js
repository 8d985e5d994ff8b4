// What pages do beside being pages. Everything here may fail or be switched off, and every form still works.
"use strict";
{
  const root = document.documentElement;
  const openedAt = Date.now();
  const one = (selector) => document.querySelector(selector);
  const workers = navigator.serviceWorker;

  // ---- The service worker: here, or gone for good

  const worker = one("meta[name=homeward-worker]");
  if (worker && workers) {
    (worker.content ? keepWorker(worker.content) : removeWorker()).catch(() => {});
  }

  async function keepWorker(address) {
    const known = workers.controller && (await workers.getRegistration(address));
    // The other door's worker answers for this one's pages too, where they share a host and ours is not here yet.
    if (!known || known.scope !== new URL(".", new URL(address, location.href)).href) {
      await workers.register(address, { updateViaCache: "none" });
      const { active } = await workers.ready;
      active.postMessage({ keep: location.href });
      return;
    }
    try {
      await known.update();
    } catch {
      // Browsers keep a worker whose script has gone. We do not: it would serve its old pages for ever.
      const answer = await fetch(address, { method: "HEAD", cache: "no-store" });
      if (answer.status === 404 || answer.status === 410) await removeWorker();
    }
  }

  async function removeWorker() {
    workers.controller?.postMessage("retire");
    const known = await workers.getRegistrations();
    const kept = (await caches.keys()).filter((name) => name.startsWith("homeward-"));
    await Promise.all([...known.map((each) => each.unregister()), ...kept.map((name) => caches.delete(name))]);
  }

  const tellWorker = (words) => workers?.controller?.postMessage(words);

  // ---- Leave: at once, and Back shows nothing

  function leave(link) {
    root.hidden = true;
    const path = link.pathname.replace(/[^/]*$/, "");
    document.cookie = `homeward_left=1; path=${path}; max-age=43200; samesite=lax`;
    tellWorker("forget");
    location.replace(link.dataset.leave);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-leave]");
    if (!link) return;
    event.preventDefault();
    leave(link);
  });

  let escapes = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      escapes = [];
      return;
    }
    escapes = [...escapes, event.timeStamp].slice(-3);
    const link = one("[data-leave]");
    if (link && escapes.length === 3 && escapes[2] - escapes[0] < 3000) leave(link);
  });

  // Where someone was, which htmx writes down even when told to keep no history.
  for (const moment of ["DOMContentLoaded", "htmx:afterSettle", "pagehide"]) {
    addEventListener(moment, () => sessionStorage.removeItem("htmx-current-path-for-history"));
  }

  // A browser may put a page away whole and bring it back as it was, signed in or not. It is put away hidden, and
  // asked for anew.
  addEventListener("pagehide", (event) => {
    root.hidden = event.persisted;
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
    else root.hidden = false;
  });

  // ---- No signal

  const stamp = one("[data-offline-stamp]");

  function showStamp(moment) {
    if (!stamp) return;
    const { locale, zone, words, wordsDay, halfDays } = stamp.dataset;
    const tell = (shape, when = moment) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...shape }).format(when);
    const isolate = (text) => `\u2068${text.replaceAll(" ", "\u00a0")}\u2069`;
    const day = { weekday: "long", day: "numeric", month: "long" };
    const time = { hour: "numeric", minute: "2-digit", hour12: halfDays !== undefined };
    const sentence = tell(day) === tell(day, new Date()) ? words : wordsDay;
    stamp.hidden = false;
    stamp.querySelector("span").textContent = sentence
      .replace("{day}", tell(day))
      .replace("{time}", isolate(tell(time)));
  }

  if (root.dataset.seenAt) showStamp(new Date(root.dataset.seenAt));
  else if (!navigator.onLine) showStamp(new Date(openedAt));
  addEventListener("offline", () => {
    if (!root.dataset.seenAt) showStamp(new Date(openedAt));
  });
  addEventListener("online", () => {
    if (stamp && !root.dataset.seenAt) stamp.hidden = true;
    tellUnsent("");
    tellWorker("outbox");
  });

  // ---- A page that its owner wants on this phone when they are signed in no longer

  for (const link of document.querySelectorAll("[data-stays]")) {
    self.caches
      ?.match(link.href, { cacheName: "homeward-stays", ignoreVary: true })
      .then((kept) => (link.hidden = !kept))
      .catch(() => {});
  }

  function tellUnsent(why) {
    const note = one("[data-unsent]");
    if (!note) return;
    note.hidden = !why;
    if (why) note.querySelector("span").textContent = note.dataset[why];
  }

  // ---- What was done without a signal: the service worker keeps it, and tells what became of it

  const whose = one("meta[name=homeward-whose]")?.content;
  const line = one("[data-outbox-line]");
  const seenWaiting = new Set();
  let told = { outbox: [], away: 0 };
  const waiting = () => told.outbox.filter((item) => item.state === "waiting").length;

  // Sentences for 1, 2, 3 and so on, and the last for any more than there are.
  const count = (sentences, number) => sentences.split("|").slice(0, number).pop();

  function showOutbox() {
    if (!line || document.cookie.includes("homeward_left")) return;
    for (const item of told.outbox) if (item.state === "waiting") seenWaiting.add(item.key);
    for (const place of document.querySelectorAll("[data-waits]")) {
      const item = told.outbox.filter((each) => each.path === place.dataset.waits && seenWaiting.has(each.key)).pop();
      place.hidden = !item;
      // What a piece that was asked for anew says itself is not said twice.
      if (item?.state === "sent" && item.became && item.became === place.dataset.says) place.hidden = true;
      if (item) place.textContent = item.became || line.getAttribute(`data-words-${item.state}`);
      if (item && item.state !== "waiting" && place.dataset.anew) askAnew(item.key, place.dataset.anew);
    }
    showKept();
    const { wordsWaits, wordsAway, wordsProblem } = line.dataset;
    const words =
      (told.away && count(wordsAway, told.away)) ||
      (told.outbox.some((item) => item.state === "refused") && wordsProblem) ||
      (waiting() && count(wordsWaits, waiting()));
    line.hidden = !words;
    line.querySelector("a").textContent = words || "";
  }

  // What was written without a signal stands below the rest, until it stands there for good.
  function showKept() {
    const list = one("[data-kept]");
    if (!list) return;
    const kept = told.outbox.filter((item) => item.path === list.dataset.kept && item.shows && item.state !== "sent");
    const rows = kept.map((item) => {
      const row = one("[data-kept-shape]").content.cloneNode(true).firstElementChild;
      row.querySelector(".own").textContent = item.shows;
      row.querySelector(".tag").textContent = line.getAttribute(`data-words-${item.state}`);
      return row;
    });
    list.replaceChildren(...rows);
    list.hidden = !rows.length;
  }

  // What the server made of it changed more than the words: the piece it was done in is asked for anew, and once.
  const askedAnew = new Set();
  function askAnew(key, piece) {
    if (askedAnew.has(key)) return;
    askedAnew.add(key);
    window.htmx?.ajax("GET", location.href, { target: piece, select: piece, swap: "outerHTML" });
  }

  workers?.addEventListener("message", (event) => {
    if (!event.data?.outbox) return;
    told = event.data;
    showOutbox();
  });
  tellWorker("outbox");
  document.addEventListener("htmx:afterSettle", showOutbox);

  function hide(form, name, value) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    input.dataset.about = "";
    form.append(input);
  }

  // A key for this one sending. Another button of the same form must not be taken for a replay of it.
  function giveKey(form, words) {
    const before = form.querySelectorAll("[data-about]");
    if (!words && !before.length) return;
    for (const input of before) input.remove();
    const target = new URL(form.action);
    target.searchParams.delete("outbox");
    if (words) {
      hide(form, "idempotency_key", crypto.randomUUID());
      hide(form, "whose", whose);
      hide(form, "told", words);
      const shown = form.querySelector("textarea[data-shows]");
      if (shown) hide(form, "shows", shown.value);
      target.searchParams.set("outbox", "1");
    }
    form.action = target;
  }

  document.addEventListener("htmx:configRequest", (event) => {
    const key = event.target.closest?.("form")?.querySelector("[name=idempotency_key]")?.value;
    if (key) event.detail.headers["Idempotency-Key"] = key;
  });

  // ---- Forms: sent once, and seen to be on their way

  const busy = new WeakSet();

  function mark(form, button, underWay) {
    const pressed = button || form.querySelector("button:not([type=button])");
    if (underWay) busy.add(form);
    else busy.delete(form);
    if (underWay) pressed?.setAttribute("aria-busy", "true");
    else for (const each of form.querySelectorAll("[aria-busy]")) each.removeAttribute("aria-busy");
  }

  const isSignOut = (form) => new URL(form.action, location.href).pathname.endsWith("/sign-out");

  addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const post = form.method === "post";
      const words = post && whose && workers?.controller && (event.submitter?.dataset.outbox || form.dataset.outbox);
      const loses = post && isSignOut(form) && waiting() && form.querySelector("[data-loses][hidden]");
      if (busy.has(form) || loses || (post && !words && !navigator.onLine)) {
        // Before htmx hears of it.
        event.preventDefault();
        event.stopImmediatePropagation();
        if (loses) loses.hidden = false;
        else if (!busy.has(form)) tellUnsent("noSignal");
        return;
      }
      giveKey(form, words);
      if (post && isSignOut(form)) tellWorker("sign-out");
    },
    true,
  );
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    mark(form, event.submitter, true);
    // An answer that is a download leaves the page as it is.
    setTimeout(() => mark(form, null, false), 10000);
  });

  // Of a form that is sent whole. A mark in a register is sent by itself, and keeps nobody from the next one.
  const formOf = (event) => event.target.closest?.("form:is([hx-post])");
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event);
    if (form) mark(form, event.detail.requestConfig?.triggeringEvent?.submitter, true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event);
    if (form) mark(form, null, false);
    if (event.detail.successful) tellUnsent("");
  });
  for (const failure of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, () => tellUnsent("noSignal"));
  }
  document.addEventListener("htmx:responseError", (event) => {
    // 401 is on its way to the sign-in page.
    if (event.detail.xhr.status !== 401) tellUnsent("trouble");
  });

  one("#errors")?.focus();
  document.addEventListener("htmx:afterSettle", (event) => {
    const piece = event.detail.elt;
    (piece.id === "errors" ? piece : piece.querySelector?.("#errors"))?.focus();
  });

  // ---- Signing out takes this browser's reminders along

  async function nameThisBrowser(form) {
    const registration = await workers?.getRegistration();
    const subscription = await registration?.pushManager?.getSubscription();
    if (!subscription) return;
    const input = form.elements.endpoint || document.createElement("input");
    Object.assign(input, { type: "hidden", name: "endpoint", value: subscription.endpoint });
    form.append(input);
  }

  for (const form of document.forms) {
    if (form.method === "post" && isSignOut(form)) nameThisBrowser(form).catch(() => {});
  }
}
