import type { Shape } from "../../../bindings";
import { uncapitalize } from "../../../format/texts";

export const shapeLabels: Record<Shape, string> = {
  alpaca: "Instruction and output (Alpaca)",
  sharegpt: "Conversations (ShareGPT)",
  chat: "Chat messages",
  prompt_completion: "Prompt and completion",
  text: "Text",
  preference: "Preference",
  columns: "Plain columns",
};

export function conversionLabel(to: Shape, from: Shape): string {
  return to === from ? "The same rows in another format" : `To ${uncapitalize(shapeLabels[to])}`;
}
