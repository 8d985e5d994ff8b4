// Homeward without a service worker: this one takes the place of whichever was here, empties its caches and goes.
"use strict";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(remove()));

async function remove() {
  const names = (await caches.keys()).filter((name) => name.startsWith("homeward-"));
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.registration.unregister();
}
