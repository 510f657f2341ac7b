const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const clockWithSeconds = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** The units and their lengths in seconds. */
const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 min. ago", "yesterday", "just now". */
export function formatAgo(time: Date, now = new Date()): string {
  const seconds = (time.getTime() - now.getTime()) / 1000;
  const unit = units.find(([, length]) => Math.abs(seconds) >= length);
  return unit ? relative.format(Math.trunc(seconds / unit[1]), unit[0]) : "just now";
}

/** Date and time in the user's locale. */
export function formatTime(time: Date): string {
  return exact.format(time);
}

/** The time of day, with seconds. */
export function formatClock(time: Date): string {
  return clockWithSeconds.format(time);
}

/** "10:42", with the day where it is not today. */
export function formatMoment(time: Date, now = new Date()): string {
  const isToday = time.toDateString() === now.toDateString();
  return (isToday ? clock : moment).format(time);
}

/** "2 h 5 min", "3 min 20 s", "8 s". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** The time of one answer: "0.6 ms", "48 ms", "1.24 s". */
export function formatLatency(seconds: number): string {
  const ms = seconds * 1000;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${seconds.toFixed(2)} s`;
}

/** "30 days left", "5 hours left". A started day counts as a day. */
export function formatTimeLeft(until: Date, now = new Date()): string {
  const hours = Math.max(0, (until.getTime() - now.getTime()) / 3_600_000);
  if (hours < 1) return "less than an hour left";
  const [count, unit] = hours < 24 ? [Math.floor(hours), "hour"] : [Math.ceil(hours / 24), "day"];
  return `${count} ${unit}${count === 1 ? "" : "s"} left`;
}
