/** Time between two looks at the clock, and a difference that means that the machine slept. */
const lookMs = 1000;
const sleptMs = 5000;

/**
 * Calls `onWake` when this page comes back to life: network back, restored from the browser's cache, or the clock jumped
 * because the machine slept; `slept` says so, for connections of before are dead then. A page that is seen again is told of
 * by its own event. Lives as long as the page.
 */
export function watchWaking(onWake: (slept: boolean) => void): void {
  let lookedMs = Date.now();
  setInterval(() => {
    const nowMs = Date.now();
    if (nowMs - lookedMs > sleptMs && !document.hidden) onWake(true);
    lookedMs = nowMs;
  }, lookMs);
  // Timers of a page that nobody sees hardly run.
  document.addEventListener("visibilitychange", () => {
    lookedMs = Date.now();
  });
  window.addEventListener("online", () => {
    onWake(false);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) onWake(true);
  });
}
