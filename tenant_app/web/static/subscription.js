// Once a day, when the app is opened: does this phone's subscription still stand? A browser may have lost it, its push
// service may have given it up, or the server may sign with another key by now. A renewal that failed is made up for.
"use strict";
{
  const meta = (name) => document.querySelector(`meta[name=homeward-${name}]`)?.content;
  const addresses = document.currentScript.dataset;
  const CHECKED = "homeward-checked";
  // The endpoint that the server was last told of: by it alone can a browser without a subscription be known again.
  const TAKEN = "homeward-taken";

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

  async function standing(endpoint, signedWith) {
    return (await post(addresses.check, { endpoint, signedWith })).standing;
  }

  async function check() {
    const { pushManager } = await navigator.serviceWorker.getRegistration();
    const subscription = await pushManager.getSubscription();
    const taken = localStorage.getItem(TAKEN);
    const checked = localStorage.getItem(CHECKED) === today;
    if (checked && (!taken || taken === subscription?.endpoint)) return;
    if (!subscription && (!taken || Notification.permission !== "granted")) return;
    let endpoint = subscription?.endpoint;
    const key = subscription?.options?.applicationServerKey;
    let stands = subscription ? await standing(endpoint, key ? text(key) : "") : "over";
    // A renewal that failed halfway, or a browser that lost it: what we were last told of is what its owner wanted.
    if (stands === "over" && taken && taken !== endpoint) stands = await standing((endpoint = taken), "");
    if (stands === "stands") {
      if (taken && taken !== endpoint) await post(addresses.remove, { endpoint: taken });
      localStorage.setItem(TAKEN, endpoint);
      return;
    }
    if (stands !== "renew" || Notification.permission !== "granted") {
      await subscription?.unsubscribe();
      localStorage.removeItem(TAKEN);
      return;
    }
    const { key: newest } = await (await fetch(addresses.key)).json();
    localStorage.setItem(TAKEN, endpoint);
    // No browser lets two stand beside each other.
    await subscription?.unsubscribe();
    const fresh = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: newest });
    await post(addresses.add, fresh);
    if (fresh.endpoint !== endpoint) await post(addresses.remove, { endpoint });
    localStorage.setItem(TAKEN, fresh.endpoint);
  }

  const today = new Date().toDateString();
  if (meta("whose") && meta("worker") && navigator.serviceWorker && window.PushManager) {
    check()
      .then(() => localStorage.setItem(CHECKED, today))
      .catch(() => {});
  }
}
