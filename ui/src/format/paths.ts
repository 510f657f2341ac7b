// Paths of any operating system: a workspace may come from another one.

/** The last part of a path or of a Hub name. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== "") ?? path;
}

/** The name of a file without its extensions: "rows" for "/data/rows.jsonl.gz". */
export function fileStem(path: string): string {
  const name = fileName(path).replace(/\.(gz|zst)$/i, "");
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

/** The path of a file without its extensions. */
export function pathStem(path: string): string {
  return path.slice(0, path.lastIndexOf(fileName(path))) + fileStem(path);
}
