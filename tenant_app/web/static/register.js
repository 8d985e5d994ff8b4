// A register: each tap is sent by itself, with a key, so that it may wait on the phone where there is no signal.
"use strict";
{
  const workers = navigator.serviceWorker;
  const whose = document.querySelector("meta[name=homeward-whose]")?.content;
  const register = () => document.querySelector("#register");
  const personOf = (element) => element.closest?.("[data-person]");
  const pathOf = (address) => new URL(address, location.href).pathname;

  // ---- Today's registers, before anybody walks down to the basement with them

  for (const link of document.querySelectorAll("a[data-keep]")) {
    workers?.ready.then(({ active }) => active.postMessage({ keep: link.href }));
  }

  // A list that comes from the phone itself is as old as what it lists.
  if (document.querySelector("[data-listed]") && !document.documentElement.dataset.seenAt) {
    const listed = [...document.querySelectorAll("main a.row")].map((link) => link.href);
    workers?.ready.then(({ active }) => active.postMessage({ listed }));
  }

  // ---- What a line of the register shows

  function showMark(person, mark) {
    for (const radio of person.querySelectorAll("input[type=radio]")) radio.checked = radio.value === mark;
    person.querySelector("input[name^=was-]").value = mark;
    showLine(person);
  }

  function showLine(person) {
    const undo = person.querySelector(".undo");
    if (undo) undo.hidden = !person.querySelector("input:checked");
  }

  function showCount() {
    const count = document.querySelector("#count");
    if (!count) return;
    const marked = document.querySelectorAll("[data-person] input:checked").length;
    const words = count.dataset.words.replace("{done}", marked);
    if (count.textContent !== words) count.textContent = words;
  }

  document.addEventListener("change", (event) => {
    const person = personOf(event.target);
    if (!person) return;
    showLine(person);
    showCount();
  });

  // ---- One tap, one key

  document.addEventListener("htmx:configRequest", (event) => {
    const element = event.target;
    if (!personOf(element) || !whose || !workers?.controller) return;
    const { parameters, headers } = event.detail;
    const chosen = element.matches("button") ? element : element.querySelector("input:checked");
    const about = { idempotency_key: crypto.randomUUID(), whose, told: chosen.dataset.told, shows: chosen.value };
    for (const [name, value] of Object.entries(about)) parameters[name] = value;
    headers["Idempotency-Key"] = about.idempotency_key;
  });

  // What the server has, or the phone keeps, is what the page says of them from now on.
  document.addEventListener("htmx:afterRequest", (event) => {
    const person = personOf(event.target);
    if (!person || !event.detail.successful) return;
    const was = person.querySelector("input[name^=was-]");
    const { parameters } = event.detail.requestConfig;
    was.value = parameters.mark ?? parameters[was.name.replace("was-", "mark-")] ?? was.value;
    if (was.value === "none") showMark(person, "none");
    showCount();
  });

  // What did not arrive, and is not kept either, is not shown as a mark.
  for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(failure, (event) => {
      const person = personOf(event.target);
      if (person) showMark(person, person.querySelector("input[name^=was-]").value);
      showCount();
    });
  }

  document.addEventListener("htmx:afterSettle", () => {
    showKept();
    const lines = document.querySelectorAll("#attend > li").length;
    const people = Number(document.querySelector("#count")?.dataset.people ?? lines);
    if (lines !== people) freshen();
  });

  // The page as the server has it now. A GET answers with all of it; this takes the register out of that.
  let freshening;
  function freshen() {
    if (!register()) return;
    clearTimeout(freshening);
    freshening = setTimeout(async () => {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => undefined);
      if (!answer?.ok || answer.redirected || answer.headers.get("X-Homeward-Keep") === "nobody") return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["register", "count", "since"]) {
        const [before, after] = [document.getElementById(id), fresh.getElementById(id)];
        if (before && after) before.replaceWith(document.adoptNode(after));
      }
      htmx.process(register());
      showKept();
    }, 100);
  }

  // ---- What waits on this phone: shown as it was tapped, until the server has it

  let kept = [];
  let waited = false;

  workers?.addEventListener("message", (event) => {
    if (!event.data?.outbox) return;
    kept = event.data.outbox.filter((item) => item.state === "waiting");
    showKept();
    if (waited && !kept.length) freshen();
    waited = kept.length > 0;
  });

  function showKept() {
    for (const person of document.querySelectorAll("[data-person]")) {
      const mark = kept.filter((item) => item.path === pathOf(person.dataset.person)).pop();
      if (mark) showMark(person, mark.shows);
    }
    showNames();
    showCount();
  }

  const door = document.querySelector("[data-shows]")?.form;

  function showNames() {
    const list = document.querySelector("#kept-names");
    if (!list) return;
    const shape = document.querySelector("#kept-name").content;
    const names = kept.filter((item) => item.path === pathOf(door.action) && item.shows);
    list.replaceChildren(
      ...names.map((item) => {
        const row = shape.cloneNode(true).firstElementChild;
        row.querySelector("bdi").textContent = item.shows;
        return row;
      }),
    );
    list.hidden = !names.length;
  }

  door?.elements.name.addEventListener("input", () => {
    door.elements.shows.value = door.elements.name.value;
  });
}
