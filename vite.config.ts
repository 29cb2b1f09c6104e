import { defineConfig } from "vite";

export default defineConfig({
  root: "web",
  // Relative, so that the page also works below a path of another proxy.
  base: "./",
  // More than half of the first chunk is hls.js, which the page needs at once.
  build: { outDir: "../dist/web", emptyOutDir: true, target: "es2022", chunkSizeWarningLimit: 600 },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
