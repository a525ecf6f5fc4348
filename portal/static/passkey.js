// Asks the browser for a passkey. Without this file, or where a browser cannot do it, a code of an app does the same.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// What the server wrote holds bytes as text; the browser wants bytes.
function readable(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const key of [...(options.allowCredentials ?? []), ...(options.excludeCredentials ?? [])]) key.id = bytes(key.id);
  return options;
}

function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = text(credential.response[name]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

function here(domain) {
  return window.isSecureContext && (location.hostname === domain || location.hostname.endsWith(`.${domain}`));
}

for (const panel of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential || !here(panel.dataset.domain)) continue;
  panel.hidden = false;
  const form = panel.querySelector("form");
  const told = panel.querySelector("[data-refused]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    event.stopPropagation(); // it has not been sent yet
    told.hidden = true;
    try {
      const publicKey = readable(JSON.parse(panel.dataset.options));
      const credential = await navigator.credentials[panel.dataset.passkey]({ publicKey });
      form.elements.credential.value = written(credential);
      form.requestSubmit();
    } catch {
      told.textContent = told.dataset.refused;
      told.hidden = false;
    }
  });
}
