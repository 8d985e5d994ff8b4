// The staff door's service worker: today's registers, and what is marked in them without signal. Nothing else is kept.
"use strict";

const SHELLS = "homeward-staff-shell-";
const SHELL = {{ ("homeward-staff-shell-" ~ release) | tojson }};
const SEEN = "homeward-staff-seen-";
const STAYS = "";
const FILES = {{ shell | tojson }};
const ALWAYS = [];
const OFFLINE = {{ offline | tojson }};
const START = {{ start | tojson }};
const STATIC = {{ files | tojson }};
const ELSEWHERE = "";
const MOST_PAGES = 30;
const OLDEST = {{ oldest | tojson }};
const NAME = {{ name | tojson }};

// Milliseconds that a page which was seen before, and the answer to a mark, are waited for.
let patience = 4000;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data === "sign-out") {
    leaving = true;
    event.waitUntil(forget());
  }
  if (event.data === "outbox") event.waitUntil(tellPages(event.source).then(flush));
  if (event.data?.drop) event.waitUntil(dropItem(event.data.drop).then(() => tellPages()));
  if (event.data === "retire") event.waitUntil(retire());
  if (event.data?.keep) event.waitUntil(keepFirst(event.data.keep));
  if (event.data?.listed) event.waitUntil(dropUnlisted(new URL(event.source.url).pathname, event.data.listed));
});

{% include "pages-worker.js" %}

// A register that is on its reader's list no more is not theirs to read: they were taken off that session. So is an
// inspection. What belongs to another list is that list's to drop.
function dropUnlisted(list, listed) {
  const known = new Set(listed.map((address) => new URL(address, self.location.origin).pathname));
  return inTurn(async () => {
    for (const name of (await caches.keys()).filter((each) => each.startsWith(SEEN))) {
      const seen = await caches.open(name);
      const gone = (await seen.keys()).filter((request) => {
        const { pathname } = new URL(request.url);
        return pathname.startsWith(`${list}/`) && !known.has(pathname);
      });
      await Promise.all(gone.map((request) => seen.delete(request, { ignoreVary: true })));
    }
  });
}

// An address inside this door, whatever was said.
function inside(address) {
  const start = new URL(START, self.location.origin).href;
  try {
    const target = new URL(typeof address === "string" ? address : START, self.location.origin);
    return isOurs(target) ? target.href : start;
  } catch {
    return start;
  }
}

{% include "outbox-worker.js" %}
