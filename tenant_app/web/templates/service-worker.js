// Homeward's service worker: files of this release first, pages from the network first, pages last seen without it.
"use strict";

const SHELLS = "homeward-shell-";
const SHELL = {{ ("homeward-shell-" ~ release) | tojson }};
const SEEN = "homeward-seen-";
const STAYS = "homeward-stays";
const FILES = {{ shell | tojson }};
const ALWAYS = {{ always | tojson }};
const OFFLINE = {{ offline | tojson }};
const START = {{ start | tojson }};
const STATIC = {{ files | tojson }};
const ELSEWHERE = {{ elsewhere | tojson }};
const MOST_PAGES = 60;
const OLDEST = Infinity;
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
    event.waitUntil(forget().then(() => caches.delete(STAYS)));
  }
  if (event.data === "outbox") event.waitUntil(tellPages(event.source).then(flush));
  if (event.data?.drop) event.waitUntil(dropItem(event.data.drop).then(() => tellPages()));
  if (event.data === "retire") event.waitUntil(retire());
  if (event.data?.keep) event.waitUntil(keepFirst(event.data.keep));
});

{% include "pages-worker.js" %}

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
