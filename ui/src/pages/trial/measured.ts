// The measurements of an answer in words.
import { formatNumber } from "../../format/numbers";
import { formatLatency } from "../../format/times";
import type { Measured } from "./chat/conversation";

/** Tokens, time and speed. */
export function measuredText({ inputTokens, outputTokens, seconds, cancelled }: Measured): string {
  const parts = [];
  if (cancelled) parts.push("Stopped");
  if (inputTokens !== null) parts.push(`${formatNumber(inputTokens)} tokens in`);
  if (outputTokens !== null) parts.push(`${formatNumber(outputTokens)} out`);
  if (seconds !== null) parts.push(formatLatency(seconds));
  if (seconds && outputTokens) parts.push(`${(outputTokens / seconds).toFixed(1)} tokens per second`);
  return parts.join(" · ");
}

/** What cut the answer off, if something did. */
export function cutText({ cut, outputTokens }: Measured): string | null {
  if (cut === "new_tokens")
    return outputTokens === null
      ? "Cut off at the maximum of new tokens."
      : `Cut off at ${formatNumber(outputTokens)} new tokens, the maximum that is set.`;
  return cut === "context" ? "Cut off at the end of the model's context." : null;
}
