// Turning reminders on for this phone: `/settings/reminders`. What it cannot do is said, and never only in a log.
"use strict";
{
  const place = document.querySelector("[data-push]");
  const problem = place.querySelector("[data-push-problem]");
  const button = place.querySelector("[data-turn-on]");

  class TooSlow extends Error {}

  // Asking a push service may hang without end where it is out of reach: no browser gives up by itself.
  function within(milliseconds, work) {
    return Promise.race([work, new Promise((_, reject) => setTimeout(() => reject(new TooSlow()), milliseconds))]);
  }

  function show(state) {
    for (const part of place.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
  }

  function tell(words) {
    problem.hidden = !words;
    if (words) problem.querySelector("span").textContent = words;
  }

  async function digest(text) {
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // Whether this browser is one of those that the server wakes; a subscription that it lost is none.
  async function isKnown(subscription) {
    const row = document.querySelector(`[data-browser="${await digest(subscription.endpoint)}"]`);
    if (row) row.querySelector("[data-this-phone]").hidden = false;
    return Boolean(row);
  }

  async function look() {
    const apple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
    if (!window.PushManager || !window.Notification || !navigator.serviceWorker) {
      return apple && !navigator.standalone ? "home-screen" : "unsupported";
    }
    if (!document.querySelector("meta[name=homeward-worker]")?.content) return "unsupported";
    if (Notification.permission === "denied") return "denied";
    const registration = await navigator.serviceWorker.getRegistration();
    const subscription = await registration?.pushManager.getSubscription();
    return subscription && (await isKnown(subscription)) ? "on" : "off";
  }

  async function subscribe() {
    const registration = await navigator.serviceWorker.ready;
    const { key } = await (await fetch(place.dataset.key)).json();
    // One that the server does not know may have been made with another key, and would be refused beside ours.
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  }

  async function turnOn() {
    if ((await Notification.requestPermission()) !== "granted") {
      show(await look());
      return;
    }
    const subscription = await within(Number(place.dataset.patience), subscribe());
    const answer = await fetch(place.dataset.add, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(subscription),
    });
    if (answer.ok) {
      localStorage.setItem("homeward-taken", subscription.endpoint);
      location.reload();
    } else tell((await answer.json().catch(() => ({}))).problem || problem.dataset.refused);
  }

  button?.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    tell("");
    try {
      await turnOn();
    } catch (error) {
      tell(error instanceof TooSlow ? problem.dataset.slow : problem.dataset.refused);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });

  if (button) {
    look()
      .then(show)
      .catch(() => show("unsupported"));
  }
}
