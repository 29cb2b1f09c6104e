import { useSignal } from "@preact/signals";
import { posterAddress } from "./recordings-api.js";

interface PosterProps {
  readonly id: number;
  readonly alt: string;
  readonly width: number;
  readonly height?: number;
}

/** A picture of a recording. One that does not come leaves its place empty: it is tried again with the next list. */
export function Poster({ id, alt, width, height }: PosterProps) {
  const failed = useSignal<number | null>(null);
  return (
    <img
      src={posterAddress(id)}
      alt={alt}
      loading="lazy"
      width={width}
      height={height}
      data-failed={failed.value === id}
      onError={() => (failed.value = id)}
    />
  );
}
