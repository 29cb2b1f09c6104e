import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { posterAddress } from "./recordings-api.js";

interface PosterProps {
  readonly id: number;
  readonly alt: string;
  readonly width: number;
  readonly height?: number;
}

/** Pictures are made one after the other: one that was refused because many are wanted is asked for again; milliseconds. */
const pausesMs = [3000, 8000, 20_000] as const;

/** A picture of a recording. Until it is there its place is empty. */
export function Poster({ id, alt, width, height }: PosterProps) {
  const attempt = useSignal(0);
  const failed = useSignal(false);
  useEffect(() => {
    const pauseMs = pausesMs[attempt.value];
    if (!failed.value || pauseMs === undefined) return;
    const timer = setTimeout(() => {
      failed.value = false;
      attempt.value++;
    }, pauseMs);
    return () => {
      clearTimeout(timer);
    };
  }, [failed.value]);
  return (
    <img
      key={attempt.value}
      src={posterAddress(id)}
      alt={alt}
      loading="lazy"
      width={width}
      height={height}
      data-failed={failed.value}
      onError={() => (failed.value = true)}
    />
  );
}
