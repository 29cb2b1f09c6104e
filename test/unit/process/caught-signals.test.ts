import { afterEach, describe, expect, it } from "vitest";
import { catchesSignal } from "../../../server/process/caught-signals.js";

const nothing = (): void => undefined;

afterEach(() => {
  process.off("SIGUSR2", nothing);
});

describe("catchesSignal", () => {
  it("says what the kernel knows at this moment", () => {
    expect(catchesSignal(process.pid, "SIGUSR2")).toBe(false);
    process.on("SIGUSR2", nothing);
    expect(catchesSignal(process.pid, "SIGUSR2")).toBe(true);
    process.off("SIGUSR2", nothing);
    expect(catchesSignal(process.pid, "SIGUSR2")).toBe(false);
  });

  it("is false of a process that is not there", () => {
    expect(catchesSignal(2 ** 22 + 1, "SIGUSR2")).toBe(false);
  });
});
