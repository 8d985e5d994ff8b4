// Homeward's service worker: files of this release first, pages from the network first, pages last seen without it.
"use strict";

const SHELL = {{ ("homeward-shell-" ~ release) | tojson }};
const SEEN = "homeward-seen-";
const FILES = {{ shell | tojson }};
const ALWAYS = {{ always | tojson }};
const OFFLINE = {{ offline | tojson }};
const START = {{ start | tojson }};
const STATIC = {{ files | tojson }};
const ELSEWHERE = {{ elsewhere | tojson }};
const MOST_PAGES = 60;
const NAME = {{ name | tojson }};
const FALLBACK = {{ _("There is something new for you.") | tojson }};

// Milliseconds that a page which was seen before is waited for. On a signal that is nearly none, a request may hang
// for minutes, and the page of this morning is worth more than a white screen.
let patience = 8000;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(forget());
  if (event.data === "sign-out") {
    leaving = true;
    event.waitUntil(forget());
  }
  if (event.data === "outbox") event.waitUntil(tellPages(event.source).then(flush));
  if (event.data?.drop) event.waitUntil(dropItem(event.data.drop).then(() => tellPages()));
  if (event.data === "retire") event.waitUntil(retire());
  if (event.data?.keep) event.waitUntil(keepFirst(event.data.keep));
});

async function install() {
  const shell = await caches.open(SHELL);
  await shell.addAll(FILES);
  await self.skipWaiting();
}

async function activate() {
  const older = (await caches.keys()).filter((name) => name.startsWith("homeward-shell-") && name !== SHELL);
  await Promise.all(older.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

// ---- Pages and files

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (ELSEWHERE && `${address.pathname}/`.startsWith(ELSEWHERE)) return;
  if (mayWait(request)) event.respondWith(sendOrKeep(request));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(openPage(event));
  else if (address.pathname.startsWith(STATIC) && address.searchParams.has("v")) event.respondWith(openFile(request));
});

async function openPage(event) {
  const arriving = fetchPage(event);
  event.waitUntil(arriving.catch(() => {}));
  const kept = await lookUp(event.request.url);
  try {
    return await (kept ? Promise.race([arriving, giveUp(patience)]) : arriving);
  } catch {
    return kept ? stamp(kept) : (await lookUp(OFFLINE)) || Response.error();
  }
}

async function fetchPage(event) {
  const answer = (await event.preloadResponse) || (await fetch(event.request));
  const keeper = answer.headers.get("X-Homeward-Keep");
  if (keeper) event.waitUntil(learn(keeper, answer.headers.get("X-Homeward-Whose")));
  if (keeper && keeper !== "nobody" && answer.ok && !answer.redirected) event.waitUntil(keep(event.request.url, answer.clone(), keeper));
  return answer;
}

async function openFile(request) {
  const kept = await caches.match(request.url, { cacheName: SHELL, ignoreVary: true });
  if (kept) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok && !retired) await (await caches.open(SHELL)).put(request.url, answer.clone());
    return answer;
  } catch (error) {
    // A page seen under an older release asks for that release's files.
    const near = await caches.match(request.url, { cacheName: SHELL, ignoreSearch: true, ignoreVary: true });
    if (near) return near;
    throw error;
  }
}

function giveUp(milliseconds) {
  return new Promise((_, reject) => setTimeout(reject, milliseconds));
}

// ---- What is kept: pages of one visit, and never of another

// Keeping and forgetting take turns, or a page that arrives while its reader signs out would be kept after all.
let turn = Promise.resolve();
function inTurn(work) {
  turn = turn.then(work, work);
  return turn;
}

function keep(address, answer, keeper) {
  return inTurn(async () => {
    if (retired) return;
    const begins = !(await caches.has(SEEN + keeper));
    if (begins) await dropSeen();
    const seen = await caches.open(SEEN + keeper);
    await seen.put(address, answer);
    const kept = await seen.keys();
    await Promise.all(kept.slice(0, -MOST_PAGES).map((old) => seen.delete(old, { ignoreVary: true })));
    if (begins) await Promise.all(ALWAYS.map((page) => keepUnasked(seen, page)));
  });
}

// What a page from the server says of who is here.
let leaving = false;
async function learn(keeper, tag) {
  if (keeper === "nobody") await forget();
  else await meet(tag || "").catch(() => {});
  if (keeper !== "nobody" || !leaving) return;
  leaving = false;
  await emptyOutbox().catch(() => {});
}

// The page that was open before there was a worker.
async function keepFirst(address) {
  const answer = await fetch(address);
  const keeper = answer.headers.get("X-Homeward-Keep");
  if (keeper) await learn(keeper, answer.headers.get("X-Homeward-Whose"));
  if (keeper && keeper !== "nobody" && answer.ok && !answer.redirected) await keep(address, answer, keeper);
}

async function keepUnasked(seen, page) {
  try {
    const answer = await fetch(page);
    if (answer.ok && !answer.redirected) await seen.put(page, answer);
  } catch {
    // No signal just now; what the shell has of it will do.
  }
}

function forget() {
  return inTurn(async () => {
    await dropSeen();
    for (const shown of await self.registration.getNotifications()) shown.close();
    await meet("").catch(() => {});
  });
}

// For good: this worker is not to be replaced by another. What is on its way here must not be kept after all.
let retired = false;
function retire() {
  retired = true;
  return inTurn(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith("homeward-"));
    await Promise.all(names.map((name) => caches.delete(name)));
    await self.registration.unregister();
  });
}

async function dropSeen() {
  const names = (await caches.keys()).filter((name) => name.startsWith(SEEN));
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function lookUp(address) {
  const names = await caches.keys();
  for (const name of [...names.filter((each) => each.startsWith(SEEN)), SHELL]) {
    const found = await caches.match(address, { cacheName: name, ignoreVary: true });
    if (found) return found;
  }
  return undefined;
}

// The page says itself when it was seen: app.js reads this and shows it, in words.
async function stamp(kept) {
  const seenAt = new Date(kept.headers.get("Date") || Date.now()).toISOString();
  const headers = new Headers(kept.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  const text = await kept.text();
  return new Response(text.replace("<html", `<html data-seen-at="${seenAt}"`), { headers });
}

// ---- Reminders

self.addEventListener("push", (event) => event.waitUntil(show(read(event.data)).then(flush)));
self.addEventListener("notificationclick", (event) => {
  const { data } = event.notification;
  const chosen = event.action && data?.actions?.find((each) => each.name === event.action);
  event.notification.close();
  event.waitUntil(chosen ? answer(chosen, event.notification) : open(data?.address));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

function read(data) {
  try {
    const said = data.json();
    return said && typeof said === "object" ? said : {};
  } catch {
    return {};
  }
}

// Every push must be seen: after three that were not, iOS takes the subscription away.
async function show(said) {
  const words = (name, otherwise = "") => (typeof said[name] === "string" && said[name].trim()) || otherwise;
  const tag = words("tag");
  const known = Boolean(words("title"));
  const actions = known && Array.isArray(said.actions) ? said.actions.filter((each) => each?.name && each.title) : [];
  const data = { address: words("address", START), ...(actions.length ? { actions, whose: words("whose") } : {}) };
  const look = { icon: {{ icon | tojson }}, badge: {{ badge | tojson }}, data };
  try {
    await self.registration.showNotification(known ? words("title") : NAME, {
      ...look,
      body: known ? words("body") : FALLBACK,
      lang: known ? words("lang") : {{ spoken[0] | tojson }},
      dir: known ? (["ltr", "rtl"].includes(said.dir) ? said.dir : "auto") : {{ spoken[1] | tojson }},
      // The reminder of tomorrow replaces the one of today, and must still be heard.
      ...(tag ? { tag, renotify: said.silent !== true } : {}),
      silent: said.silent === true,
      actions: actions.map(({ name, title }) => ({ action: `${name}`, title: `${title}` })),
    });
  } catch {
    await self.registration.showNotification(NAME, { ...look, body: FALLBACK });
  }
}

// An address inside this house, whatever came with the push.
function inside(address) {
  try {
    const target = new URL(typeof address === "string" ? address : START, self.location.origin);
    return target.origin === self.location.origin ? target.href : new URL(START, self.location.origin).href;
  } catch {
    return new URL(START, self.location.origin).href;
  }
}

// Another page is left as it is: something may be half written there.
async function open(address) {
  const target = inside(address);
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((each) => each.url === target);
  return there ? there.focus() : self.clients.openWindow(target);
}

async function renew(event) {
  const key = await (await fetch({{ url_for("push.key") | tojson }})).json();
  const fresh =
    event.newSubscription ||
    (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key.key }));
  // What the browser made by itself, it made with the key of the old one, which may not be our newest.
  const madeWith = fresh.options?.applicationServerKey;
  await post({{ url_for("push.add") | tojson }}, { ...fresh.toJSON(), signedWith: madeWith ? base64url(madeWith) : key.key });
  if (event.oldSubscription && event.oldSubscription.endpoint !== fresh.endpoint) {
    await post({{ url_for("push.remove") | tojson }}, { endpoint: event.oldSubscription.endpoint });
  }
}

function base64url(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function post(address, body) {
  return fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

{% include "outbox-worker.js" %}
