/** Paths of the icons, drawn in a square of 24 with round strokes. */
const paths = {
  power: "M12 3v8 M6.3 6.8a8 8 0 1 0 11.4 0",
  camera: "M4 8h3.5L9 5h6l1.5 3H20v11H4z M12 17a4 4 0 1 0 0-8 4 4 0 0 0 0 8",
  rotate: "M20 11a8 8 0 0 0-14.3-4.2L4 9 M4 4v5h5 M4 13a8 8 0 0 0 14.3 4.2L20 15 M20 20v-5h-5",
  enlarge: "M4 9V4h5 M20 9V4h-5 M4 15v5h5 M20 15v5h-5",
  shrink: "M9 4v5H4 M15 4v5h5 M9 20v-5H4 M15 20v-5h5",
  keyboard: "M3 6h18v12H3z M7 10h.01 M11 10h.01 M15 10h.01 M8 14h8",
  play: "M8 5l11 7-11 7z",
  swap: "M7 4L3 8l4 4 M3 8h14 M17 12l4 4-4 4 M21 16H7",
  download: "M12 4v11 M7 10l5 5 5-5 M5 20h14",
  upload: "M12 15V4 M7 9l5-5 5 5 M5 20h14",
  pulse: "M3 12h4l3-8 4 16 3-8h4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8 M5 20a7 7 0 0 1 14 0",
  close: "M6 6l12 12 M18 6L6 18",
} as const;

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
