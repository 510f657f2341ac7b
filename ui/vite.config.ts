import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { hostPages } from "./src/testing/browser/plugin";

export default defineConfig({
  // The window loads the files from inside the program, not from a server's root.
  base: "./",
  plugins: [react(), hostPages()],
  clearScreen: false,
  server: { port: 1420, strictPort: true },
  build: {
    // WebKitGTK 2.50 and the web views of the other systems are at least this new.
    target: "safari16",
    chunkSizeWarningLimit: 1500,
  },
  test: {
    environment: "jsdom",
    globalSetup: ["src/testing/global.ts"],
    setupFiles: ["src/testing/setup.ts"],
    css: false,
    testTimeout: 60_000,
  },
});
