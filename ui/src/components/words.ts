// How times, numbers and sizes are said.
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 min. ago", "yesterday", "just now". */
export function ago(time: Date, now = new Date()): string {
  const seconds = (time.getTime() - now.getTime()) / 1000;
  const unit = units.find(([, length]) => Math.abs(seconds) >= length);
  return unit ? relative.format(Math.trunc(seconds / unit[1]), unit[0]) : "just now";
}

export function exactTime(time: Date): string {
  return exact.format(time);
}

export function amount(value: number): string {
  return value.toLocaleString("en");
}

/** "3 rows", "1 row". */
export function rowCount(rows: number): string {
  return `${amount(rows)} ${rows === 1 ? "row" : "rows"}`;
}

/** "1.4 MB". */
export function bytes(size: number): string {
  const names = ["bytes", "KB", "MB", "GB", "TB"];
  const power = size < 1000 ? 0 : Math.min(Math.floor(Math.log10(size) / 3), names.length - 1);
  const value = size / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${names[power]}`;
}

/** What a path or a hub name ends in. */
export function lastPart(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== "") ?? path;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Names as people set them: “Tickets” for 'Tickets'. */
export function quoted(text: string): string {
  return text.replace(/(^|[\s(])'(.*?)'(?=$|[\s.,;:)])/g, "$1“$2”");
}

/** "30 days left", "5 hours left": days begun count. */
export function timeLeft(until: Date, now = new Date()): string {
  const hours = Math.max(0, (until.getTime() - now.getTime()) / 3_600_000);
  if (hours < 1) return "less than an hour left";
  const [count, unit] = hours < 24 ? [Math.floor(hours), "hour"] : [Math.ceil(hours / 24), "day"];
  return `${count} ${unit}${count === 1 ? "" : "s"} left`;
}
