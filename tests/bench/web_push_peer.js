// The peer in node: web-push, as its own guide uses it, with as many at once as we have.
"use strict";
const fs = require("node:fs");
const https = require("node:https");
const webpush = require("web-push");

const { subscriptions, payload, vapid, atOnce, warmUp } = JSON.parse(fs.readFileSync(0, "utf8"));
const agent = new https.Agent({ keepAlive: true, maxSockets: atOnce });

async function send(list) {
  let next = 0;
  async function one() {
    while (next < list.length) {
      await webpush.sendNotification(list[next++], payload, { vapidDetails: vapid, TTL: 3600, urgency: "high", agent });
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one));
}

(async () => {
  await send(subscriptions.slice(0, warmUp));
  const began = process.hrtime.bigint();
  await send(subscriptions);
  console.log(Number(process.hrtime.bigint() - began) / 1e9);
  agent.destroy();
})();
