// Results as text.
import type { CachedState, Fit, FoundRepository } from "../../bindings";
import { formatBytes, formatNumber, formatParameters } from "../../format/numbers";

export const fitLabels: Record<Fit, string> = {
  fits: "Fits",
  fits_quantized: "Fits in 4 bits",
  too_large: "Too large",
};

export const cachedLabels: Record<CachedState, string> = {
  complete: "On this machine",
  unfinished: "Partly on this machine",
  broken: "Broken on this machine",
};

/** The size of a result: parameters of a model, rows of a dataset. */
export function countOf(found: FoundRepository): string {
  if (found.kind !== "dataset") return found.parameters === null ? "" : formatParameters(found.parameters);
  return found.rows === null ? "" : rowsText(found.rows);
}

/** "1K–10K" for the Hub's `1K<n<10K`, "under 1K" for `n<1K`, "over 1T" for `n>1T`. */
export function rowsText(range: string): string {
  return range
    .replace(/^(\w+)<n<(\w+)$/, "$1–$2")
    .replace(/^n<(\w+)$/, "under $1")
    .replace(/^n>(\w+)$/, "over $1");
}

export const bytesOf = (found: FoundRepository) => (found.bytes === null ? "" : formatBytes(found.bytes));

export const downloadsOf = (found: FoundRepository) =>
  found.downloads === null ? "" : formatNumber(found.downloads);
