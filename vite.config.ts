import { defineConfig } from "vite";

export default defineConfig({
  root: "web",
  // Relative, so that the page also works below a path of another proxy.
  base: "./",
  build: { outDir: "../dist/web", emptyOutDir: true, target: "es2022" },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
