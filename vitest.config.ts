import { defineConfig } from "vitest/config";

/** Real ffmpeg runs in which no clock is looked at. */
const withoutRhythm = ["hls/failures", "stream/encoder-choice", "stream/slate"].map(
  (name) => `test/integration/${name}.test.ts`,
);

export default defineConfig({
  test: {
    projects: [
      // They leave nothing behind: a process for each file would cost more than all tests.
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], isolate: false } },
      {
        test: {
          name: "integration",
          globalSetup: ["test/support/global-setup.ts"],
          include: ["test/integration/{camera,hls,stream}/**/*.test.ts"],
          exclude: withoutRhythm,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Two cores: real ffmpeg runs of two files at once would disturb each other's clocks.
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "service",
          globalSetup: ["test/support/global-setup.ts"],
          include: [
            "test/integration/{config,guard,http,live,ops,process,recording,service,switch}/**/*.test.ts",
            ...withoutRhythm,
          ],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          // They wait for the product most of the time, and assert no time tightly.
          maxWorkers: 4,
        },
      },
      {
        test: {
          name: "alone",
          globalSetup: ["test/support/global-setup.ts"],
          include: ["test/integration/alone/**/*.test.ts"],
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "e2e",
          globalSetup: ["test/support/global-setup.ts"],
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
