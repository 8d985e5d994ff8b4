// `/outbox`: what was done on this phone without a signal, and what became of it, as the service worker tells it.
"use strict";
{
  const list = document.querySelector("[data-outbox-list]");
  const shape = document.querySelector("[data-outbox-item]").content;
  const empty = document.querySelector("[data-outbox-empty]");
  const stamp = document.querySelector("[data-offline-stamp]");
  const { locale, zone, halfDays } = stamp.dataset;
  const workers = navigator.serviceWorker;

  function tellMoment(text) {
    const moment = new Date(text);
    const tell = (given) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...given }).format(moment);
    const day = tell({ weekday: "long", day: "numeric", month: "long" });
    return [day, tell({ hour: "numeric", minute: "2-digit", hour12: halfDays !== undefined })];
  }

  function show(item) {
    const row = shape.cloneNode(true).firstElementChild;
    const [day, time] = tellMoment(item.at);
    row.querySelector(".when").replaceChildren(`${day}, `, Object.assign(document.createElement("bdi"), { textContent: time }));
    row.querySelector("h2 bdi").textContent = item.words;
    for (const tag of row.querySelectorAll("[data-state]")) tag.hidden = tag.dataset.state !== item.state;
    const refused = item.state === "refused";
    const why = row.querySelector(`[data-why~="${item.status}"]`) || row.querySelector("[data-why=any]");
    const became = row.querySelector("[data-became]");
    became.textContent = item.became || "";
    became.hidden = !item.became;
    why.hidden = !refused || Boolean(item.became);
    const page = row.querySelector("a");
    page.href = item.page;
    page.hidden = !refused;
    // What could not be sent in a day may never be; before that, to take it off is more likely a slip of the finger.
    const drop = row.querySelector("button");
    drop.hidden = !refused && (item.state === "sent" || Date.now() - Date.parse(item.at) < 24 * 60 * 60 * 1000);
    drop.addEventListener("click", () => workers.controller?.postMessage({ drop: item.id }));
    return row;
  }

  // This page is never as it once looked.
  stamp.remove();

  workers?.addEventListener("message", (event) => {
    // Whoever left in a hurry has not come back yet.
    if (!event.data?.outbox || document.cookie.includes("homeward_left")) return;
    const items = event.data.outbox.reverse();
    list.replaceChildren(...items.map(show));
    list.hidden = !items.length;
    empty.hidden = Boolean(items.length || event.data.away);
  });
}
