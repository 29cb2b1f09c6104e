/**
 * Lets the browser keep the page that says what is wrong when the service cannot be reached. Browsers allow that on HTTPS
 * and on the machine itself only; elsewhere there is nothing to do.
 */
export function keepOfflinePage(): void {
  if (!("serviceWorker" in navigator)) return;
  // Without it everything works as before.
  navigator.serviceWorker.register(new URL("sw.js", document.baseURI)).catch(() => undefined);
}
