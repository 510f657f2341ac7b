const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** "1,234". */
export function formatNumber(value: number): string {
  return value.toLocaleString("en");
}

/** Four significant digits: "0.1235", "1,235". */
export function formatSignificant(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 4 });
}

/** A loss, a rate or a norm: "0.2134", "12.35", "2.0e-4"; a dash where nothing was measured. */
export function formatMeasure(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  return size < 10 ? value.toFixed(4) : size < 1000 ? value.toFixed(2) : formatNumber(Math.round(value));
}

/** The number of a model's parameters: "1.24B". */
export function formatParameters(count: number): string {
  return compact.format(count);
}

/** "1.4 MB". Decimal units, two significant figures. */
export function formatBytes(size: number): string {
  const names = ["bytes", "KB", "MB", "GB", "TB"];
  const power = size < 1000 ? 0 : Math.min(Math.floor(Math.log10(size) / 3), names.length - 1);
  const value = size / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${names[power]}`;
}

/** "86.7%" for 0.867. */
export function formatPercent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)}%`;
}

/** A part in whole percent. "0%" and "100%" only for none and all. */
export function formatPart(part: number, all: number): string {
  if (all === 0 || part === 0) return "0%";
  if (part === all) return "100%";
  return `${Math.max(1, Math.min(99, Math.round((part / all) * 100)))}%`;
}

/** From 0 to 100 for a progress bar; null while the total is unknown. */
export function progressPercent(done: number, total: number | null | undefined): number | null {
  return total ? Math.min(100, (done / total) * 100) : null;
}
