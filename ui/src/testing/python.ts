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
    executable: path,
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

/**
 * Writes a uv that takes what uv takes and installs nothing: its environments have everything, or so they say. It waits
 * for the file `go`. Returns the folder of the program, and that of a target.
 */
export function writeUv(folder: string): { tools: string; folder: string } {
  const made = writePython(join(folder, "python-made"), { version: "3.11.9", has: LIBRARIES });
  const uv = join(folder, "tools/uv");
  write(
    uv,
    `#!/bin/sh
case "$1" in
--version) echo "uv 0.13.9"; exit ;;
venv) mkdir -p "$3/bin"; echo "home = /usr" > "$3/pyvenv.cfg"; cp "${made}" "$3/bin/python"; exit ;;
esac
echo "Downloading torch (883.1MiB)"
until [ -e "${folder}/go" ]; do sleep 0.05; done
`,
  );
  chmodSync(uv, 0o755);
  return { tools: join(folder, "tools"), folder: join(folder, "there") };
}
