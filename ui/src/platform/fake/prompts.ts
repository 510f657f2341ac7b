// Prompts over rows in memory. The core's rules in short: enough to see and to try the pages.
import type {
  JsonValue,
  Part,
  RenderedPrompt,
  RenderedText,
  RenderRequest,
  Suggestion,
  TemplateProblem,
} from "../../bindings";
import { type FakeStore, refusal } from "./store";

type Arguments = { [name: string]: unknown };

const ROWS = 24;

const wishes: [string, string][] = [
  ["Please cancel my ticket for the derby.", "cancel_ticket"],
  ["Can I get a better seat for the opera, “near the stage” if possible?", "upgrade_ticket"],
  ["When is la fête?\nAnd where?", "find_event"],
  ["The night was called off, how do I get my money back?", "refund"],
  ["", "none"],
];

function valueIn(column: string, row: number): JsonValue {
  const wish = wishes[(row - 1) % wishes.length] ?? wishes[0];
  if (column === "instruction") return wish?.[0] ?? "";
  if (column === "intent") return wish?.[1] ?? "";
  return `${column} of row ${row}`;
}

export function promptCommands(store: FakeStore) {
  const columnsOf = (datasetId: string): string[] => {
    const { features } = store.get("datasets", datasetId).row;
    return typeof features === "string" ? JSON.parse(features) : [];
  };
  return {
    suggest_templates: ({ datasetId }: Arguments): Suggestion => {
      const columns = columnsOf(String(datasetId));
      const answer = columns.at(-1);
      if (!answer) throw refusal("invalid", "The columns of this dataset are not known.");
      const lines = columns.slice(0, -1).map((name) => `${capitalised(name)}: {${name}}\n`);
      const preamble =
        "You are a language model that answers with care. Read what the user gives below and write the response to it.";
      return {
        answer,
        input_template: `${preamble}\n\n${lines.join("")}${capitalised(answer)}: `,
        completion_template: `{${answer}}`,
        left_out: [],
      };
    },
    render_prompt: (args: Arguments): RenderedPrompt => {
      const request = args.request as RenderRequest;
      const columns = columnsOf(request.dataset_id);
      const here = columns.length > 0 && request.row <= ROWS;
      const unreadable = here
        ? null
        : refusal("not_found", "The rows of this dataset are not in a file here.");
      const fill = (template: string) => fillTemplate(template, columns, here ? request.row : null);
      const training = fill(
        request.training_template ?? request.input_template + request.completion_template,
      );
      return {
        columns,
        row: here
          ? { number: request.row, line: request.row + 1, last: request.row === ROWS, total: ROWS }
          : null,
        unreadable,
        input: fill(request.input_template),
        completion: fill(request.completion_template),
        training: cut(training, (request.limit ?? Number.POSITIVE_INFINITY) * 4),
        tokenizer: null,
        tokenizer_problem:
          request.model_id === null
            ? null
            : refusal("not_found", "The tokenizer of this model is not on this machine.", {
                hint: "The number of tokens is estimated.",
              }),
      };
    },
  };
}

const capitalised = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();

function fillTemplate(template: string, columns: string[], row: number | null): RenderedText {
  const parts: Part[] = [];
  const problems: TemplateProblem[] = [];
  const warnings = new Set<string>();
  for (const [piece] of template.matchAll(/\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+/g)) {
    if (piece === "{" || piece === "}") {
      const message = `A ${piece} without its ${piece === "{" ? "}" : "{"}.`;
      const problem = { line: 1, character: 1, length: 1, message, unknown: null, suggestion: null };
      return { parts: [], problems: [problem], warnings: [], tokens: null };
    }
    if (!piece.startsWith("{") || piece === "{{" || piece === "}}") {
      parts.push({
        kind: "text",
        column: null,
        text: piece.replace(/^(\{\{|\}\})$/, piece[0] ?? ""),
        cut: false,
      });
      continue;
    }
    const name = piece.slice(1, -1);
    if (!columns.includes(name) && columns.length > 0) {
      const before = template.slice(0, template.indexOf(piece)).split("\n");
      const suggestion = columns.find((column) => column.startsWith(name.slice(0, 2))) ?? null;
      problems.push({
        line: before.length,
        character: (before.at(-1)?.length ?? 0) + 1,
        length: piece.length,
        message: `${piece} is not a column of the dataset.${suggestion ? ` Did you mean {${suggestion}}?` : ""}`,
        unknown: name,
        suggestion,
      });
    }
    const filled = row !== null && columns.includes(name);
    const text = filled ? String(valueIn(name, row)) : piece;
    if (text === "") warnings.add(`${piece} is empty in this row.`);
    parts.push({ kind: filled ? "value" : "unfilled", column: name, text, cut: false });
  }
  const length = parts.reduce((sum, { text }) => sum + text.length, 0);
  const tokens =
    problems.length === 0 && row !== null ? { count: Math.ceil(length / 4), exact: false } : null;
  return { parts, problems, warnings: [...warnings], tokens };
}

function cut(rendered: RenderedText, from: number): RenderedText {
  let start = 0;
  const parts = rendered.parts.flatMap((part) => {
    const kept = Math.min(Math.max(from - start, 0), part.text.length);
    start += part.text.length;
    const both = [
      { ...part, text: part.text.slice(0, kept) },
      { ...part, text: part.text.slice(kept), cut: true },
    ];
    return both.filter(({ text }) => text !== "");
  });
  const tokens = rendered.tokens && { ...rendered.tokens, count: rendered.tokens.count + 1 };
  return { ...rendered, parts, tokens };
}
