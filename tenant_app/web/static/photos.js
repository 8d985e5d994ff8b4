// Photos, made small on the phone and sent one by one: a signal that is lost costs one of them. Without this script,
// or where any of it fails, the form sends what was chosen as it is.
"use strict";
{
  const LONGEST_SIDE = 1600;
  const QUALITY = 0.82;
  const form = document.querySelector("form[data-photos]");
  const words = form.dataset;
  const list = form.querySelector("[data-tiles]");
  const shape = form.querySelector("[data-tile]").content;
  const said = form.querySelector("[data-said]");
  const bar = form.querySelector("progress");
  const whose = document.querySelector("meta[name=homeward-whose]")?.content;
  const tell = (text) => (said.textContent = text);
  const room = () => Number(document.querySelector("#photos-so-far").dataset.room);

  // Drawn anew, it has no place, no time and no name of the phone any more. Turned upright, for that note goes too.
  async function shrunk(file) {
    const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(whole.width, whole.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(whole.width * scale));
    canvas.height = Math.max(1, Math.round(whole.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (small?.type !== "image/jpeg" || !small.size) throw new Error("it stays as it is");
    return small;
  }

  function show(photo, state, why = "") {
    photo.state = state;
    photo.tile.querySelector("[data-became]").textContent = why || words[state];
    photo.tile.querySelector("[data-again]").hidden = state !== "failed";
    photo.tile.querySelector("[data-omit]").hidden = state !== "failed" && state !== "refused";
  }

  function lay(file) {
    const tile = shape.cloneNode(true).firstElementChild;
    const photo = { file, tile, key: crypto.randomUUID(), address: URL.createObjectURL(file) };
    const picture = tile.querySelector("img");
    picture.src = photo.address;
    // What this browser cannot show, the server may still be able to open.
    picture.addEventListener("error", () => (picture.hidden = true));
    tile.querySelector("bdi").textContent = file.name;
    tile.querySelector("[data-again]").addEventListener("click", () => begin([photo]));
    tile.querySelector("[data-omit]").addEventListener("click", () => {
      drop(photo);
      (form.querySelector("input[type=file]") || said).focus();
    });
    list.append(tile);
    list.hidden = false;
    show(photo, "waiting");
    return photo;
  }

  function drop(photo) {
    URL.revokeObjectURL(photo.address);
    photo.tile.remove();
    list.hidden = !list.children.length;
  }

  async function send(photo) {
    show(photo, "sending");
    photo.small ??= await shrunk(photo.file).catch(() => photo.file);
    const body = new FormData();
    const about = { then: "stay", idempotency_key: photo.key, whose: whose || "", told: words.told };
    for (const [name, value] of Object.entries(about)) body.append(name, value);
    body.append("photos", photo.small, photo.file.name || "photo");
    const headers = { "Idempotency-Key": photo.key, ...(whose ? { "X-Homeward-Whose": whose } : {}) };
    const address = form.getAttribute("action") || location.pathname;
    let answer;
    try {
      answer = await fetch(address, { method: "POST", headers, body });
    } catch {
      return show(photo, "failed");
    }
    if (answer.headers.get("X-Homeward-Done") === photo.key) return show(photo, "sent");
    // The service worker keeps it, and says no more than that.
    if (answer.status === 204) return show(photo, "onPhone");
    if (answer.status === 413) return show(photo, "refused", words.large);
    if (!answer.headers.has("X-Homeward-Refused")) return show(photo, "failed");
    const became = decodeURIComponent(answer.headers.get("X-Homeward-Words") || "");
    return show(photo, "refused", became);
  }

  // ---- One after the other: two at once would only take the signal from each other

  let line = [];
  let sending;
  function begin(photos) {
    line = [...line, ...photos];
    sending ??= sendAll().finally(() => {
      sending = undefined;
      bar.hidden = true;
    });
    return sending;
  }

  async function sendAll() {
    let through = 0;
    const went = [];
    while (line.length) {
      const photo = line.shift();
      bar.hidden = false;
      bar.max = through + line.length + 1;
      bar.value = through;
      tell(words.progress.replace("{number}", through + 1).replace("{count}", bar.max));
      await send(photo);
      went.push(photo);
      through += 1;
    }
    bar.value = bar.max;
    const left = went.filter((photo) => photo.state === "failed" || photo.state === "refused").length;
    if (left) tell(words.someLeft);
    else if (went.some((photo) => photo.state === "onPhone")) tell(words.onPhone);
    else tell(words.allSent);
    if (went.some((photo) => photo.state === "sent")) await askAnew(went).catch(() => {});
  }

  // What is here now, as the server has it, with its buttons; the tiles of those have done their work.
  async function askAnew(went) {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.querySelector("#photos-so-far");
    if (!fresh) return;
    document.querySelector("#photos-so-far").replaceWith(document.adoptNode(fresh));
    for (const photo of went) if (photo.state === "sent") drop(photo);
    form.querySelector("[data-choose]").hidden = room() < 1;
  }

  const waitingHere = () => [...list.children].filter((tile) => !tile.querySelector("[data-again]").hidden).length;

  form.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    const chosen = [...event.target.files];
    event.target.value = "";
    const free = Math.max(room() - list.children.length, 0);
    const taken = chosen.slice(0, free).map(lay);
    form.querySelector("[data-full]").hidden = taken.length === chosen.length;
    if (taken.length) begin(taken);
  });

  // Whoever goes on before all have gone waits for them, once; what could not be sent is theirs to leave behind.
  let onward = false;
  addEventListener(
    "submit",
    (event) => {
      if (event.target !== form || onward || !sending) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      tell(words.wait);
      sending.then(() => {
        if (waitingHere()) return;
        onward = true;
        form.requestSubmit();
      });
    },
    true,
  );

  for (const each of form.querySelectorAll("[data-without-script]")) each.hidden = true;
}
