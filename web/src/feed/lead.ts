/**
 * Runs `lead` while this page is the one of its browser that holds the lock `name`; resolves when `signal` ends it. Web
 * Locks need a secure context: without them each page leads for itself.
 */
export async function leadUntil(signal: AbortSignal, name: string, lead: () => void): Promise<void> {
  const held = () => {
    // A lock may be given in the moment in which nobody wants it any more: nothing would end what began then.
    if (signal.aborted) return Promise.resolve();
    lead();
    return new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => {
        resolve();
      });
    });
  };
  const locks = "locks" in navigator ? navigator.locks : undefined;
  if (locks === undefined) return held();
  try {
    await locks.request(name, { signal }, held);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}
