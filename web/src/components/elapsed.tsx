import { useEffect, useState } from "preact/hooks";
import { sharedNowMs } from "../feed/stamp.js";

/** Seconds since a moment (in `sharedNowMs`), counting with each picture of the screen. */
export function Elapsed({ sinceMs, label }: { sinceMs: number; label: string }) {
  const [nowMs, setNowMs] = useState(sharedNowMs);
  useEffect(() => {
    let handle = requestAnimationFrame(function count() {
      setNowMs(sharedNowMs());
      handle = requestAnimationFrame(count);
    });
    return () => {
      cancelAnimationFrame(handle);
    };
  }, []);
  return (
    <span class="elapsed" role="timer" aria-label={label} data-testid="elapsed">
      {(Math.max(0, nowMs - sinceMs) / 1000).toFixed(1)} s
    </span>
  );
}
