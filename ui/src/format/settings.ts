// Values of settings as the window shows them.
import type { JsonValue } from "../bindings";

/** "on", "4", "q_proj, v_proj"; "not set" for null and for an empty text. */
export function formatSetting(value: JsonValue | undefined): string {
  if (value === null || value === undefined || value === "") return "not set";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return value.length > 0 ? value.map(formatSetting).join(", ") : "none";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The same for JSON text. A number keeps the digits it is written with. */
export function formatSettingText(json: string | null): string {
  if (json === null) return "not set";
  const value: JsonValue = JSON.parse(json);
  return typeof value === "number" ? json : formatSetting(value);
}
