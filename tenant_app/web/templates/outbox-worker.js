// ---- What was done without a signal: kept on this phone, and sent in the order it was done

const OUTBOX = {{ outbox | tojson }};
const UNSAVED = {{ _("That answer could not be saved. Tap to see.") | tojson }};
const WAITS = {{ _("No signal. That answer is kept on this phone. Tap to see.") | tojson }};
const AGAIN = "homeward-outbox";
const SENT_SHOWS = 24 * 60 * 60 * 1000;
const REFUSALS = [400, 403, 404, 405, 409, 410, 413, 415, 422];

// The version never changes, nor what is in there: a release that is taken back must read what a later one kept.
let shelf;
function openShelf() {
  shelf ??= new Promise((resolve, reject) => {
    const close = () => (shelf = undefined);
    const asked = indexedDB.open({{ shelf | tojson }}, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("outbox", { keyPath: "id", autoIncrement: true });
      asked.result.createObjectStore("facts");
    };
    asked.onerror = () => {
      close();
      reject(asked.error);
    };
    asked.onsuccess = () => {
      asked.result.onclose = close;
      asked.result.onversionchange = () => {
        close();
        asked.result.close();
      };
      resolve(asked.result);
    };
  });
  return shelf;
}

async function onShelf(store, mode, work) {
  const opened = await openShelf();
  return new Promise((resolve, reject) => {
    // On disk before it is said to be kept.
    const deal = opened.transaction(store, mode, { durability: "strict" });
    const asked = work(deal.objectStore(store));
    deal.oncomplete = () => resolve(asked.result);
    deal.onerror = deal.onabort = () => reject(deal.error);
  });
}

const putItem = (item) => onShelf("outbox", "readwrite", (items) => items.put(item));
const dropItem = (id) => onShelf("outbox", "readwrite", (items) => items.delete(id));
const emptyOutbox = () => onShelf("outbox", "readwrite", (items) => items.clear());
const allItems = () => onShelf("outbox", "readonly", (items) => items.getAll());
const waits = (item) => item.state === "waiting";

// Who is signed in here, as the last page from the server said: a tag, or nothing where nobody is.
let whose;
async function me() {
  whose ??= (await onShelf("facts", "readonly", (facts) => facts.get("whose"))) || "";
  return whose;
}

async function meet(tag) {
  if ((await me()) !== tag) {
    await onShelf("facts", "readwrite", (facts) => facts.put(tag, "whose"));
    whose = tag;
    await tellPages();
  }
  if (tag) await flush();
}

// Whether this is a form of ours that may wait. Another site's must not be taken in: we would send it as our own.
function mayWait(request) {
  if (request.method !== "POST" || !request.referrer.startsWith(`${self.location.origin}/`)) return false;
  return request.headers.has("Idempotency-Key") || new URL(request.url).searchParams.has("outbox");
}

// It has a key, so that sending it again is harmless, whether or not it had arrived.
async function sendOrKeep(request) {
  const at = new Date().toISOString();
  const path = new URL(request.url).pathname;
  const { said, files } = await readForm(request.clone());
  try {
    // What was done before must arrive before.
    const { silent, left } = await flush().catch(() => ({ left: [] }));
    if (silent || left.some((item) => item.path === path)) throw new Error("no signal");
    return await Promise.race([fetch(request), giveUp(patienceFor(files))]);
  } catch (error) {
    if (!said.get("idempotency_key") || !said.get("whose")) throw error;
    const words = said.get("told") || "";
    const shows = said.get("shows") || "";
    said.delete("told");
    said.delete("shows");
    said.set("tapped_at", at);
    const about = { key: said.get("idempotency_key"), whose: said.get("whose"), path, words, shows, at };
    await keepItem({ ...about, page: inside(request.referrer || OUTBOX), body: said.toString(), files });
    if (request.mode === "navigate") return Response.redirect(inside(request.referrer || OUTBOX), 303);
    return new Response(null, { status: 204 });
  }
}

// Words, and files as plain bytes: some browsers lose what a shelf keeps as a file once they are closed.
async function readForm(request) {
  const said = new URLSearchParams();
  const files = [];
  if (!(request.headers.get("Content-Type") || "").startsWith("multipart/form-data")) {
    return { said: new URLSearchParams(await request.text()), files };
  }
  for (const [field, value] of await request.formData()) {
    if (typeof value === "string") said.append(field, value);
    else if (value.size) files.push({ field, name: value.name, type: value.type, bytes: await value.arrayBuffer() });
  }
  return { said, files };
}

function formOf(item) {
  const form = new FormData();
  for (const [field, value] of new URLSearchParams(item.body)) form.append(field, value);
  for (const { field, name, type, bytes } of item.files) form.append(field, new Blob([bytes], { type }), name);
  return form;
}

// A photo needs longer than a word: at 4 KB a second it must still get through.
const patienceFor = (files = []) => files.reduce((sum, { bytes }) => sum + bytes.byteLength / 4, patience);

async function keepItem(item) {
  const id = await putItem({ ...item, state: "waiting" });
  // Where there is no such thing, it is sent when the app is next opened, or the next reminder comes.
  await self.registration.sync?.register(AGAIN).catch(() => {});
  await tellPages();
  return id;
}

// `silent`: there is no signal. `left`: what the server could not take just now.
let sending;
function flush() {
  sending ??= sendAll().finally(() => (sending = undefined));
  return sending;
}

async function sendAll() {
  const mine = await me();
  const left = [];
  let became = "";
  let changed = false;
  for (const item of await allItems()) {
    if (item.state === "sent" && Date.now() - Date.parse(item.sentAt) > SENT_SHOWS) await dropItem(item.id);
    // Somebody else's wait until they are back. The server would not take them either.
    if (!waits(item) || (mine && item.whose !== mine)) continue;
    became = await sendItem(item);
    changed ||= became === "sent" || became === "refused";
    if (became === "later") left.push(item);
    if (became === "silent" || became === "signed out") break;
  }
  if (changed) await tellPages();
  return { silent: became === "silent", left };
}

async function sendItem(item) {
  let answer;
  try {
    const headers = { "Idempotency-Key": item.key, "X-Homeward-Whose": item.whose };
    if (!item.files?.length) headers["Content-Type"] = "application/x-www-form-urlencoded";
    // By how much this phone's clock is wrong, the server can tell from what it says now.
    headers["X-Homeward-Clock"] = new Date().toISOString();
    const sent = fetch(item.path, { method: "POST", redirect: "manual", headers, body: item.files?.length ? formOf(item) : item.body });
    answer = await Promise.race([sent, giveUp(patienceFor(item.files))]);
  } catch {
    return "silent";
  }
  const became = readWords(answer.headers.get("X-Homeward-Words"));
  if (answer.headers.get("X-Homeward-Done") === item.key) {
    await putItem({ ...item, body: "", files: [], state: "sent", sentAt: new Date().toISOString(), became });
    return "sent";
  }
  if (answer.status === 401) {
    await meet("");
    return "signed out";
  }
  if (answer.headers.get("X-Homeward-Refused") === "person") return "somebody else's";
  if (!REFUSALS.includes(answer.status)) return "later";
  const page = inside(answer.headers.get("Content-Location") || item.page);
  await putItem({ ...item, body: "", files: [], state: "refused", status: answer.status, became, page });
  return "refused";
}

function readWords(said) {
  try {
    return decodeURIComponent(said || "");
  } catch {
    return "";
  }
}

async function tellPages(...these) {
  const mine = await me();
  const items = await allItems();
  const shown = items.filter((item) => mine && item.whose === mine).map((item) => ({ ...item, body: "", files: [], whose: "" }));
  const told = { outbox: shown, away: mine ? 0 : items.filter(waits).length };
  const pages = these.length ? these : await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) if (isOurs(new URL(page.url))) page.postMessage(told);
}

self.addEventListener("sync", (event) => {
  if (event.tag !== AGAIN) return;
  const sent = flush().then(({ silent, left }) => {
    // A browser tries again only what failed.
    if (!event.lastChance && (silent || left.length)) throw new Error("not all of it was sent");
  });
  event.waitUntil(sent);
});

// ---- Buttons on a notification: kept first and sent then, or a phone that is switched off meanwhile forgets

async function answer(chosen, notification) {
  const at = new Date().toISOString();
  const key = crypto.randomUUID();
  const { address, whose } = notification.data;
  const about = { idempotency_key: key, whose, tapped_at: at };
  const words = [chosen.title, notification.body].filter(Boolean).join(": ");
  let id;
  try {
    const path = new URL(inside(chosen.address)).pathname;
    const body = new URLSearchParams({ ...chosen.fields, ...about }).toString();
    id = await keepItem({ key, whose, path, words, at, page: inside(address), body });
    await sending;
    await flush();
  } catch {
    // Said below: it is not known to be saved.
  }
  const item = (await allItems().catch(() => [])).find((each) => each.id === id);
  if (item?.state === "sent") return;
  const mine = await me().catch(() => "");
  const silent = item && waits(item) && mine === item.whose;
  if (silent && self.registration.sync) return;
  const look = { icon: {{ icon | tojson }}, badge: {{ badge | tojson }}, data: { address: OUTBOX } };
  const spoken = { lang: {{ spoken[0] | tojson }}, dir: {{ spoken[1] | tojson }} };
  await self.registration.showNotification(NAME, { ...look, ...spoken, body: silent ? WAITS : UNSAVED, tag: AGAIN });
}
