import type { Channel } from "../stream/channel.js";
import type { Rest } from "../switch/rest.js";

/** A camera may take 4 s to its first frame; whoever waits longer is told to come again. */
const mostMs = 6000;

/**
 * Wakes cameras that rest, and waits until `isThere` or until it is plain that nothing comes: another reason than the
 * rest keeps the picture away, time is up, or the one who waits has gone. At once where nothing rests.
 */
export async function awaken(
  { rest, channel }: { readonly rest: Rest; readonly channel: Channel },
  isThere: () => boolean,
  signal?: AbortSignal,
): Promise<void> {
  // Who waits is not counted as one who watches yet.
  const release = rest.keepAwake("a picture was asked for");
  try {
    await waitUntil(channel, isThere, signal);
  } finally {
    release();
  }
}

async function waitUntil(channel: Channel, isThere: () => boolean, signal?: AbortSignal): Promise<void> {
  const isOver = (): boolean => channel.unavailable?.code !== "resting" || isThere() || signal?.aborted === true;
  if (isOver()) return;
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (isOver()) end();
    };
    const end = (): void => {
      clearTimeout(timer);
      channel.off("changed", look).off("frame", look);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, mostMs);
    channel.on("changed", look).on("frame", look);
    signal?.addEventListener("abort", end, { once: true });
  });
}
