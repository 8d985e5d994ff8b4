// ---- Files of this release first, pages from the network first, pages last seen without it
// Of the worker that this is a part of: SHELL, SHELLS, SEEN, STAYS, FILES, ALWAYS, OFFLINE, STATIC, ELSEWHERE, OLDEST, MOST_PAGES, patience.

async function install() {
  const shell = await caches.open(SHELL);
  await shell.addAll(FILES);
  await self.skipWaiting();
}

async function activate() {
  const older = (await caches.keys()).filter((name) => name.startsWith(SHELLS) && name !== SHELL);
  await Promise.all(older.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

// ---- Pages and files

// The other door may share our host: its pages, and what waits to be sent from them, are none of our business.
function isOurs(address) {
  if (!address.href.startsWith(self.registration.scope)) return false;
  return !ELSEWHERE || !`${address.pathname}/`.startsWith(ELSEWHERE);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (!isOurs(address)) return;
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
    const answer = await (kept ? Promise.race([arriving, giveUp(patience)]) : arriving);
    // Whoever is signed in no longer is led to the sign-in page; a page that was to stay is shown all the same.
    const stays = answer.type === "opaqueredirect" && STAYS && (await caches.match(event.request.url, { cacheName: STAYS, ignoreVary: true }));
    return stays ? stamp(stays) : answer;
  } catch {
    return kept ? stamp(kept) : (await lookUp(OFFLINE)) || Response.error();
  }
}

async function fetchPage(event) {
  const answer = (await event.preloadResponse) || (await fetch(event.request));
  const keeper = answer.headers.get("X-Homeward-Keep");
  event.waitUntil(stay(event.request.url, answer.clone()));
  if (keeper) event.waitUntil(learn(keeper, answer.headers.get("X-Homeward-Whose")));
  if (keeper && keeper !== "nobody" && answer.ok && !answer.redirected) event.waitUntil(keep(event.request.url, answer.clone(), keeper));
  if (GONE.includes(answer.status)) event.waitUntil(drop(event.request.url));
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

const GONE = [403, 404, 410];

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

// A page that its owner wants on this phone when they are signed in no longer: kept apart from all others, until they
// sign out, or somebody is signed in here who did not ask for it.
function stay(address, answer) {
  const said = STAYS && answer.headers.get("X-Homeward-Stays");
  if (!said) return undefined;
  return inTurn(async () => {
    if (said === "none") await caches.delete(STAYS);
    else if (!retired && answer.ok && !answer.redirected) await (await caches.open(STAYS)).put(address, answer);
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
  if (GONE.includes(answer.status)) await drop(address);
}

// What its reader may no longer see is no longer on their phone either.
function drop(address) {
  return inTurn(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith(SEEN));
    await Promise.all(names.map(async (name) => (await caches.open(name)).delete(address, { ignoreVary: true })));
  });
}

async function keepUnasked(seen, page) {
  try {
    const answer = await fetch(page);
    if (!answer.ok || answer.redirected) return;
    stay(new URL(page, self.location.origin).href, answer.clone());
    await seen.put(page, answer);
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
    const names = (await caches.keys()).filter((name) => name === STAYS || name.startsWith(SHELLS) || name.startsWith(SEEN));
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
  for (const name of [...names.filter((each) => each.startsWith(SEEN) || each === STAYS), SHELL]) {
    const found = await caches.match(address, { cacheName: name, ignoreVary: true });
    const tooOld = name !== SHELL && found && Date.now() - Date.parse(found.headers.get("Date")) > OLDEST;
    if (found && !tooOld) return found;
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
