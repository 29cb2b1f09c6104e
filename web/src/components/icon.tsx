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
  record: "M12 18a6 6 0 1 0 0-12 6 6 0 0 0 0 12",
  pause: "M9 5v14 M15 5v14",
  back: "M12 6L6 12l6 6 M18 6l-6 6 6 6",
  forward: "M12 6l6 6-6 6 M6 6l6 6-6 6",
  first: "M6 5v14 M18 5l-9 7 9 7z",
  last: "M18 5v14 M6 5l9 7-9 7z",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  pin: "M12 16v5 M8 4h8 M9 4v6l-3 4v2h12v-2l-3-4V4",
  trash: "M5 7h14 M10 7V4h4v3 M7 7l1 13h8l1-13",
  mark: "M12 4v4 M12 16v4 M4 12h4 M16 12h4 M12 12h.01",
} as const;

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
