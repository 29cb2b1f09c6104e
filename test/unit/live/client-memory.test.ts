import { expect, it } from "vitest";
import { clientMemoryBytes } from "../../../server/live/client-memory.js";

it.each([
  [640, 480, 512 * 1024],
  [320, 240, 512 * 1024],
  [1280, 720, 2 * 1024 * 1024],
  [1920, 1080, 4.5 * 1024 * 1024],
])("for a viewer at %d by %d may wait %d bytes (D5)", (width, height, bytes) => {
  expect(clientMemoryBytes({ width, height })).toBe(bytes);
});
