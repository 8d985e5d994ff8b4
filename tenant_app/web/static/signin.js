// Pages of signing in: a code that came with a QR code is filled in, and a PIN can be looked at while it is typed.
(() => {
  const code = document.getElementById("code");
  if (code && location.hash.length > 1) {
    if (!code.value) code.value = decodeURIComponent(location.hash.slice(1));
    // Out of the address, or it would stay in the history of a phone that others use.
    history.replaceState(null, "", location.pathname + location.search);
  }

  for (const place of document.querySelectorAll("[data-secret]")) {
    const input = place.querySelector("input");
    const button = place.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.textContent = shown ? button.dataset.hide : button.dataset.show;
      button.setAttribute("aria-pressed", String(shown));
      input.focus();
    });
    // A browser that remembers what was typed must not remember it as ordinary text.
    input.form.addEventListener("submit", () => { input.type = "password"; });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
