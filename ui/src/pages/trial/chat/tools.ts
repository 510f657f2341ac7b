// The definitions of tools, as the person writes them.
import type { Row } from "../../../bindings";

/** The tools of a JSON text, or what is wrong with it. */
export function toolsIn(text: string): { tools: Row[]; problem: string | null } {
  if (text.trim() === "") return { tools: [], problem: null };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return { tools: [], problem: `The tools are not valid JSON: ${(thrown as Error).message}.` };
  }
  const list = Array.isArray(value) ? value : [value];
  const isObject = (tool: unknown) => typeof tool === "object" && tool !== null && !Array.isArray(tool);
  return list.every(isObject)
    ? { tools: list as Row[], problem: null }
    : { tools: [], problem: "The tools are not a JSON list of objects." };
}

export const EXAMPLE_TOOL = `[
  {
    "type": "function",
    "function": {
      "name": "find_ticket",
      "description": "Finds a ticket by its number.",
      "parameters": {
        "type": "object",
        "properties": { "number": { "type": "integer" } },
        "required": ["number"]
      }
    }
  }
]`;
