import { useEffect, useState } from "preact/hooks";
import { sharedNowMs } from "../feed/stamp.js";

/** The present moment (`sharedNowMs`), often enough for something that counts seconds. */
export function useNowMs(): number {
  const [nowMs, setNowMs] = useState(sharedNowMs);
  useEffect(() => {
    const timer = setInterval(() => {
      setNowMs(sharedNowMs());
    }, 250);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return nowMs;
}

/** Whole seconds that are left of a time which was `leftMs` at the moment `atMs`. */
export function secondsLeft(leftMs: number, atMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((leftMs - Math.max(0, nowMs - atMs)) / 1000));
}
