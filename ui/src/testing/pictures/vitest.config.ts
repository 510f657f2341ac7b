import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["src/testing/pictures/pictures.ts"], testTimeout: 60_000, fileParallelism: false },
});
