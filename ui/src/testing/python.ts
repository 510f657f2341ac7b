// Programs that answer the worker's probe as Python interpreters do.
import { chmodSync } from "node:fs";
import { join } from "node:path";
import type { Accelerator } from "../bindings";
import { write } from "./example/files";

/** What training needs. */
export const LIBRARIES = [
  "torch",
  "transformers",
  "peft",
  "trl",
  "accelerate",
  "datasets",
  "mlflow",
  "rouge_score",
  "safetensors",
];

type Answer = { version: string; has: string[]; accelerators?: Accelerator[] };

/** Writes an interpreter that reports these properties. */
export function writePython(path: string, { version, has, accelerators = [] }: Answer): string {
  const answer = {
    python: version,
    packages: Object.fromEntries(LIBRARIES.map((name) => [name, has.includes(name) ? "1.0" : null])),
    missing: LIBRARIES.filter((name) => !has.includes(name)),
    accelerators,
  };
  write(path, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Creates the program's own environment in a session's folder. An unfinished one lacks its last file. */
export function writeEnvironment(folder: string, finished = true, gpus = 1): void {
  write(join(folder, "python/pyvenv.cfg"), "home = /usr/bin\n");
  if (finished) write(join(folder, "python/complete.json"), JSON.stringify({ requirements: "of a test" }));
  writePython(join(folder, "python/bin/python"), {
    version: "3.11.7",
    has: LIBRARIES,
    accelerators: Array.from({ length: gpus }, () => ({
      kind: "cuda",
      name: "NVIDIA RTX 4090",
      memory_bytes: 25_757_220_864,
      bfloat16: true,
      quantizes: true,
    })),
  });
}
