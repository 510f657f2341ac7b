// The two presets of generation configs, and texts that differ from both.
import { settingsOf } from "../../api/configs";

/** Takes the most likely token each time, so that answers repeat. */
export const GREEDY = '{\n  "do_sample": false,\n  "max_new_tokens": 60\n}';

/** Samples among likely tokens. */
export const SAMPLED = JSON.stringify(JSON.parse(settingsOf("generation_config")?.default ?? "{}"), null, 2);

export type Way = "greedy" | "sampled" | "own";

/** The preset that a text equals, apart from the number of tokens. */
export function wayOf(text: string): Way {
  const said = parsed(text);
  if (!said) return "own";
  const bare = ({ max_new_tokens: _, ...rest }: Record<string, unknown>) =>
    JSON.stringify(Object.entries(rest).sort(([a], [b]) => a.localeCompare(b)));
  if (bare(said) === bare(parsed(GREEDY) ?? {})) return "greedy";
  return bare(said) === bare(parsed(SAMPLED) ?? {}) ? "sampled" : "own";
}

/** The settings of a text; null while it is not a JSON object. */
export function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
