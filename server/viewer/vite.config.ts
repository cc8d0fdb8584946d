/** Build settings: a deterministic bundle with stable file names, written to ../static and committed. */
import { defineConfig } from "vitest/config";

const SERVER = process.env.TWIN_SERVER ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "./",
  server: {
    proxy: { "/ws": { target: SERVER, ws: true }, "/pack": { target: SERVER } },
  },
  build: {
    outDir: "../static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        entryFileNames: "app.js",
        chunkFileNames: "[name].js",
        assetFileNames: (asset) => (asset.names[0]?.endsWith(".css") ? "style.css" : "[name][extname]"),
        codeSplitting: { groups: [{ name: "vendor-three", test: /node_modules[\\/]three/ }] },
      },
    },
  },
  test: { include: ["tests/**/*.test.ts"] },
});
