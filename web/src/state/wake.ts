/** Time between two looks at the clock, and a difference that means that the machine slept. */
const lookMs = 1000;
const sleptMs = 5000;

/**
 * Calls `onWake` when this page comes back to life: seen again, network back, restored from the browser's cache, or the
 * clock jumped because the machine slept. Lives as long as the page.
 */
export function watchWaking(onWake: () => void): void {
  let lookedMs = Date.now();
  setInterval(() => {
    const nowMs = Date.now();
    if (nowMs - lookedMs > sleptMs && !document.hidden) onWake();
    lookedMs = nowMs;
  }, lookMs);
  window.addEventListener("online", onWake);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) onWake();
  });
}
