// Once a day, when the app is opened: does this phone's subscription still stand? A browser may have lost it, its push
// service may have given it up, or the server may sign with another key by now.
"use strict";
{
  const meta = (name) => document.querySelector(`meta[name=homeward-${name}]`)?.content;
  const addresses = document.currentScript.dataset;
  const CHECKED = "homeward-checked";

  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  async function post(address, body) {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  async function check() {
    const { pushManager } = await navigator.serviceWorker.getRegistration();
    const subscription = await pushManager.getSubscription();
    if (!subscription) return;
    const key = subscription.options?.applicationServerKey;
    const { endpoint } = subscription;
    const { standing } = await post(addresses.check, { endpoint, signedWith: key ? text(key) : "" });
    if (standing === "stands") return;
    const { key: newest } = await (await fetch(addresses.key)).json();
    // No browser lets two stand beside each other.
    await subscription.unsubscribe();
    if (standing !== "renew" || Notification.permission !== "granted") return;
    const fresh = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: newest });
    await post(addresses.add, fresh);
    await post(addresses.remove, { endpoint });
  }

  const today = new Date().toDateString();
  if (meta("whose") && meta("worker") && navigator.serviceWorker && window.PushManager) {
    if (localStorage.getItem(CHECKED) !== today) {
      check()
        .then(() => localStorage.setItem(CHECKED, today))
        .catch(() => {});
    }
  }
}
