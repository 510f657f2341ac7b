// What the window loads before it shows anything: editors and graphs are not part of it.
import { expect, test } from "vitest";

const sources = import.meta.glob<string>("./**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});

const HEAVY = /^(@codemirror|@uiw|@lezer|@xyflow|@dagrejs|elkjs|recharts|@mantine\/charts)/;
/** `import … from "x"` and `export … from "x"`, types left out; `import("x")` is the way that loads later. */
const STATIC = /^(?:import|export)\s+(?!type\b)(?:[^"';]*?\bfrom\s+)?"([^"]+)"/gm;

function fileOf(from: string, specifier: string): string | undefined {
  const { pathname } = new URL(specifier, `file:///${from}`);
  const path = `.${pathname}`;
  return [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`, `${path}/index.tsx`].find(
    (file) => file in sources,
  );
}

/** Every heavy package that the file loads at once, with the way to it. */
function heavyFrom(file: string, way: string[] = [], seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return [...(sources[file] ?? "").matchAll(STATIC)].flatMap(([, specifier = ""]) => {
    if (HEAVY.test(specifier)) return [[...way, file, specifier].join(" → ")];
    const next = specifier.startsWith(".") ? fileOf(file, specifier) : undefined;
    return next ? heavyFrom(next, [...way, file], seen) : [];
  });
}

test("editors and graphs are loaded when they are first needed", () => {
  expect(sources).toHaveProperty(["./main.tsx"]);
  expect(heavyFrom("./main.tsx")).toEqual([]);
});

test("a heavy package is found where it is loaded at once", () => {
  expect(heavyFrom("./components/editor/Editor.tsx")).not.toEqual([]);
});
