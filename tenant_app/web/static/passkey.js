// A phone's own lock (WebAuthn). Buttons stay hidden where there is no such lock, or where browsers refuse it.
(() => {
  const places = [...document.querySelectorAll("[data-passkey]")];
  const bare = /^[\d.]+$|^\[/.test(location.hostname); // browsers bind passkeys to names, never to numbers
  if (!places.length || bare || !isSecureContext || !window.PublicKeyCredential) return;

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const toText = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // Phones of before 2024 lack the browser's own readers of these options.
  const read = (kind, options) => {
    const own = { create: "parseCreationOptionsFromJSON", get: "parseRequestOptionsFromJSON" }[kind];
    if (PublicKeyCredential[own]) return PublicKeyCredential[own](options);
    const list = (keys) => (keys || []).map((key) => ({ ...key, id: toBytes(key.id) }));
    const read = { ...options, challenge: toBytes(options.challenge) };
    if (options.user) read.user = { ...options.user, id: toBytes(options.user.id) };
    if (options.excludeCredentials) read.excludeCredentials = list(options.excludeCredentials);
    if (options.allowCredentials) read.allowCredentials = list(options.allowCredentials);
    return read;
  };

  const write = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      id: credential.id, rawId: toText(credential.rawId), type: credential.type, response,
      authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: {},
    };
  };

  const post = async (address, body) => {
    const answer = await fetch(address, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(said.problem || "");
    return said;
  };

  const go = async (place) => {
    const kind = place.dataset.passkey;
    const options = await post(place.dataset.ask, {});
    const credential = await navigator.credentials[kind]({ publicKey: read(kind, options) });
    const shared = document.querySelector("[name=shared]");
    const said = await post(place.dataset.answer, {
      answer: write(credential), next: place.dataset.next, shared: Boolean(shared && shared.checked),
    });
    const kept = document.querySelector("form[data-kept]");
    if (kept) kept.submit();
    else location.assign(said.next);
  };

  const offer = (place) => {
    const button = place.querySelector("button");
    const problem = place.querySelector("[role=alert]");
    place.hidden = false;
    button.addEventListener("click", async () => {
      problem.hidden = true;
      button.setAttribute("aria-busy", "true");
      try {
        await go(place);
      } catch (error) {
        // Someone who closed the phone's own question knows that they did.
        if (error.name !== "NotAllowedError" && error.name !== "AbortError") {
          problem.textContent = (error.name === "Error" && error.message) || place.dataset.sorry;
          problem.hidden = false;
        }
      } finally {
        button.removeAttribute("aria-busy");
      }
    });
  };

  const own = PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
  own.then((available) => places.filter((place) => available || place.dataset.anyKey !== undefined).forEach(offer));
})();
