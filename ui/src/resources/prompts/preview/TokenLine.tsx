import { Text } from "@mantine/core";
import type { RenderedPrompt } from "../../../bindings";
import { formatNumber } from "../../../format/numbers";
import { tokenCountText } from "./FilledText";

type Props = { rendered: RenderedPrompt; limit: number };

/** The length of the training text in tokens, and what is cut. */
export function TokenLine({ rendered, limit }: Props) {
  const { tokens, parts } = rendered.training;
  if (!tokens) return null;
  const over = tokens.count > limit;
  const cut = parts.some((part) => part.cut)
    ? "The rest, struck through in the training text, is cut off."
    : "The end-of-text token is cut, so the model does not learn to stop there.";
  return (
    <Text size="xs" c={over ? "var(--warning)" : "dimmed"} role="status" className="tabular">
      Training text: {tokenCountText(tokens)} with the end-of-text token, {formatNumber(limit)} are kept.{" "}
      {over && cut}
    </Text>
  );
}
