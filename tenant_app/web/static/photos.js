// Photos, made small on the phone and sent one by one: a signal that is lost costs one of them. Without this script,
// or where any of it fails, each form sends what was chosen as it is.
"use strict";
{
  const LONGEST_SIDE = 1600;
  const QUALITY = 0.82;
  const workers = navigator.serviceWorker;
  const whose = document.querySelector("meta[name=homeward-whose]")?.content;

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

  // ---- A form that asks more than photos: what was chosen is made small in its place

  function shrinkInPlace(input) {
    let turns = 0;
    let working;
    input.addEventListener("change", () => {
      const turn = ++turns;
      working = smaller([...input.files])
        // Whoever has chosen another meanwhile sends that one.
        .then((files) => turn === turns && (input.files = files))
        .catch(() => {})
        .finally(() => turn === turns && (working = undefined));
    });
    addEventListener(
      "submit",
      (event) => {
        if (event.target !== input.form || !working) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        working.then(() => input.form.requestSubmit(event.submitter));
      },
      true,
    );
  }

  async function smaller(files) {
    const box = new DataTransfer();
    for (const file of files) {
      // A paper may be a PDF, and what cannot be drawn here the server may still be able to open.
      const small = await shrunk(file).catch(() => file);
      box.items.add(small === file ? file : new File([small], file.name, { type: small.type }));
    }
    return box.files;
  }

  for (const input of document.querySelectorAll("input[type=file][data-shrink]")) shrinkInPlace(input);

  // ---- Forms of photos alone, of which a page may have several

  const desks = [...document.querySelectorAll("form[data-photos]")].filter((form) => form.querySelector("[data-tiles]")).map(openDesk);

  function openDesk(form) {
    const shape = form.querySelector("[data-tile]") ?? document.querySelector("[data-tile]");
    const address = new URL(form.getAttribute("action") || location.pathname, location.href);
    const desk = {
      form,
      shape: shape.content,
      words: { ...shape.dataset, ...form.dataset },
      path: address.pathname,
      list: form.querySelector("[data-tiles]"),
      said: form.querySelector("[data-said]"),
      bar: form.querySelector("progress"),
      photos: [],
    };
    form.addEventListener("change", (event) => event.target.type === "file" && choose(desk, event.target));
    for (const each of form.querySelectorAll("[data-without-script]")) each.hidden = true;
    return desk;
  }

  const soFar = (desk, page = document) => page.getElementById(desk.form.dataset.soFar || "photos-so-far");
  const room = (desk) => Number(soFar(desk).dataset.room);

  function choose(desk, input) {
    const chosen = [...input.files];
    input.value = "";
    const free = Math.max(room(desk) - desk.list.children.length, 0);
    const taken = chosen.slice(0, free).map((file) => lay(desk, file));
    desk.form.querySelector("[data-full]").hidden = taken.length === chosen.length;
    if (taken.length) begin(taken);
  }

  function show(photo, state, why = "") {
    photo.state = state;
    photo.tile.querySelector("[data-became]").textContent = why || photo.desk.words[state];
    photo.tile.querySelector("[data-again]").hidden = state !== "failed";
    photo.tile.querySelector("[data-omit]").hidden = state !== "failed" && state !== "refused";
  }

  function lay(desk, file) {
    const tile = desk.shape.cloneNode(true).firstElementChild;
    const photo = { desk, file, tile, key: crypto.randomUUID(), address: URL.createObjectURL(file) };
    const picture = tile.querySelector("img");
    picture.src = photo.address;
    // What this browser cannot show, the server may still be able to open.
    picture.addEventListener("error", () => (picture.hidden = true));
    tile.querySelector("bdi").textContent = file.name;
    tile.querySelector("[data-again]").addEventListener("click", () => begin([photo]));
    tile.querySelector("[data-omit]").addEventListener("click", () => {
      drop(photo);
      (desk.form.querySelector("input[type=file]") || desk.said).focus();
    });
    desk.photos.push(photo);
    desk.list.append(tile);
    desk.list.hidden = false;
    show(photo, "waiting");
    return photo;
  }

  function drop(photo) {
    const { desk } = photo;
    URL.revokeObjectURL(photo.address);
    photo.tile.remove();
    desk.photos = desk.photos.filter((each) => each !== photo);
    desk.list.hidden = !desk.list.children.length;
  }

  async function send(photo) {
    const { desk } = photo;
    show(photo, "sending");
    photo.small ??= await shrunk(photo.file).catch(() => photo.file);
    const body = new FormData();
    const about = { then: "stay", idempotency_key: photo.key, whose: whose || "", told: desk.words.told };
    for (const [name, value] of Object.entries(about)) body.append(name, value);
    body.append("photos", photo.small, photo.file.name || "photo");
    const headers = { "Idempotency-Key": photo.key, ...(whose ? { "X-Homeward-Whose": whose } : {}) };
    let answer;
    try {
      answer = await fetch(desk.path, { method: "POST", headers, body });
    } catch {
      return show(photo, "failed");
    }
    if (answer.headers.get("X-Homeward-Done") === photo.key) return show(photo, "sent");
    // The service worker keeps it, and says no more than that.
    if (answer.status === 204) return show(photo, "onPhone");
    if (answer.status === 413) return show(photo, "refused", desk.words.large);
    if (!answer.headers.has("X-Homeward-Refused")) return show(photo, "failed");
    const became = decodeURIComponent(answer.headers.get("X-Homeward-Words") || "");
    return show(photo, "refused", became);
  }

  // ---- One after the other, of all forms: two at once would only take the signal from each other

  let line = [];
  let sending;
  function begin(photos) {
    line = [...line, ...photos];
    sending ??= sendAll().finally(() => {
      sending = undefined;
      for (const { bar } of desks) bar.hidden = true;
    });
    return sending;
  }

  async function sendAll() {
    let through = 0;
    const went = [];
    while (line.length) {
      const photo = line.shift();
      const { bar, said, words } = photo.desk;
      bar.hidden = false;
      bar.max = through + line.length + 1;
      bar.value = through;
      said.textContent = words.progress.replace("{number}", through + 1).replace("{count}", bar.max);
      await send(photo);
      went.push(photo);
      through += 1;
    }
    for (const desk of desks) {
      const its = went.filter((photo) => photo.desk === desk);
      if (its.length) await tellResult(desk, its);
    }
    settle();
  }

  async function tellResult(desk, went) {
    const { said, words } = desk;
    desk.bar.hidden = true;
    const left = went.filter((photo) => photo.state === "failed" || photo.state === "refused").length;
    if (left) said.textContent = words.someLeft;
    else if (went.some((photo) => photo.state === "onPhone")) said.textContent = words.onPhone;
    else said.textContent = words.allSent;
    if (went.some((photo) => photo.state === "sent")) await askAnew(desk).catch(() => {});
  }

  // What is here now, as the server has it, with its buttons; the tiles of those have done their work.
  async function askAnew(desk) {
    const answer = await fetch(location.href);
    const fresh = soFar(desk, new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (!fresh) return;
    soFar(desk).replaceWith(document.adoptNode(fresh));
    for (const photo of desk.photos) if (photo.state === "sent") drop(photo);
    desk.form.querySelector("[data-choose]").hidden = room(desk) < 1;
  }

  // ---- What waits on this phone, until the server has it

  let outbox = [];
  workers?.addEventListener("message", (event) => {
    if (!event.data?.outbox) return;
    outbox = event.data.outbox;
    settle();
  });

  function settle() {
    for (const desk of desks) {
      const waiting = desk.photos.filter((photo) => photo.state === "onPhone");
      for (const photo of waiting) {
        const item = outbox.find((each) => each.key === photo.key);
        if (item?.state === "sent") show(photo, "sent");
        if (item?.state === "refused") show(photo, "refused", item.became);
      }
      if (waiting.length && !waiting.some((photo) => photo.state === "onPhone")) tellResult(desk, waiting);
      showHeld(desk);
    }
  }

  // Those that have no tile, because the page was opened anew.
  function showHeld(desk) {
    const place = document.querySelector(`[data-held="${desk.path}"]`);
    if (!place) return;
    const mine = new Set(desk.photos.map((photo) => photo.key));
    const held = outbox.filter((item) => item.state === "waiting" && item.path === desk.path && !mine.has(item.key));
    if (!place.hidden && !held.length) askAnew(desk).catch(() => {});
    place.hidden = !held.length;
    place.textContent = held.length ? desk.words.held.split("|").slice(0, held.length).pop() : "";
  }

  // Whoever goes on before all have gone waits for them, once; what could not be sent is theirs to leave behind.
  let onward = false;
  addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.matches("[data-photos], [data-after-photos]") || onward || !sending) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const wait = (desks.find((desk) => desk.form === form) ?? desks[0]).words.wait;
      (form.querySelector("[data-said]") ?? desks[0].said).textContent = wait;
      sending.then(() => {
        if (desks.some((desk) => desk.photos.some((photo) => photo.state === "failed"))) return;
        onward = true;
        form.requestSubmit(event.submitter);
      });
    },
    true,
  );
}
