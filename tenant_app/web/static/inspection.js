// An inspection: each answer is sent by itself, with a key, so that it may wait on the phone where there is no signal.
"use strict";
{
  const workers = navigator.serviceWorker;
  const whose = document.querySelector("meta[name=homeward-whose]")?.content;
  const items = () => [...document.querySelectorAll("[data-item]")];
  const itemOf = (element) => element.closest?.("[data-item]");
  const pathOf = (address) => new URL(address, location.href).pathname;
  const chosenOf = (item) => item.querySelector("input[type=radio]:checked");
  const wordsOf = (item) => item.querySelector("textarea");

  // ---- What an item shows

  function showItem(item) {
    const words = item.querySelector("[data-words]");
    words.hidden = chosenOf(item)?.value !== "failed" && !wordsOf(item).value;
  }

  function showCount() {
    const count = document.querySelector("#count");
    if (!count) return;
    const done = items().filter((item) => chosenOf(item) || item.querySelector("[data-others]")).length;
    const words = count.dataset.words.replace("{done}", done);
    if (count.textContent !== words) count.textContent = words;
  }

  const showAll = () => {
    items().forEach(showItem);
    showCount();
  };
  showAll();

  // ---- One answer, one key

  document.addEventListener("change", (event) => {
    const item = itemOf(event.target);
    if (!item || event.target.type === "file") return;
    delete item.dataset.typed;
    showItem(item);
    showCount();
    if (event.target.matches("[value=failed]") && !wordsOf(item).value) wordsOf(item).focus();
  });

  // Words are sent when one leaves them. Whoever locks the phone meanwhile has left them too.
  document.addEventListener("input", (event) => {
    const item = itemOf(event.target);
    if (item && event.target === wordsOf(item)) item.dataset.typed = "";
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return;
    for (const item of items().filter((each) => "typed" in each.dataset && chosenOf(each))) {
      delete item.dataset.typed;
      window.htmx.trigger(item.querySelector("form[hx-post]"), "change");
    }
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const item = itemOf(event.target);
    if (!item) return;
    // Words without an answer wait for it: there is nothing that they could be kept under.
    if (!chosenOf(item)) event.preventDefault();
    if (!chosenOf(item) || !whose || !workers?.controller) return;
    const { parameters, headers } = event.detail;
    const shows = JSON.stringify({ outcome: chosenOf(item).value, words: wordsOf(item).value });
    const about = { idempotency_key: crypto.randomUUID(), whose, told: chosenOf(item).dataset.told, shows };
    for (const [name, value] of Object.entries(about)) parameters[name] = value;
    headers["Idempotency-Key"] = about.idempotency_key;
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const item = itemOf(event.target);
    if (!item) return;
    item.querySelector("[data-unkept]").hidden = event.detail.successful;
    if (event.detail.successful) keepSoon();
  });

  // The page that the phone keeps is as old as its answers. In a cellar it would look as if they were lost.
  let keeping;
  function keepSoon() {
    clearTimeout(keeping);
    keeping = setTimeout(() => workers?.controller?.postMessage({ keep: location.href.split("#")[0] }), 3000);
  }

  // ---- What waits on this phone: shown as it was answered, until the server has it

  workers?.addEventListener("message", (event) => {
    for (const kept of event.data?.outbox ?? []) {
      const item = items().find((each) => pathOf(each.dataset.item) === kept.path);
      if (!item || kept.state !== "waiting") continue;
      const { outcome, words } = JSON.parse(kept.shows || "{}");
      for (const radio of item.querySelectorAll("input[type=radio]")) radio.checked = radio.value === outcome;
      if (document.activeElement !== wordsOf(item) && !("typed" in item.dataset)) wordsOf(item).value = words ?? "";
    }
    showAll();
  });
  document.addEventListener("htmx:afterSettle", showCount);
}
