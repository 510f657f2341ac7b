// Dataset files for looking at pages in a browser, each with something of its own to show.
import type { JsonValue, Problem } from "../../bindings";
import type { FakeFile } from "../../resources/datasets/fakeFiles";
import { kept } from "./fillings";
import type { Kept } from "./store";

const topics = ["parcel", "refund", "invoice", "password", "delivery", "warranty", "subscription"];
const intents = ["track_order", "get_refund", "check_invoice", "recover_password", "change_address"];
const topic = (n: number) => topics[(n * 7) % topics.length] ?? "parcel";
const intent = (n: number) => intents[((n * n) % 11) % intents.length] ?? "track_order";

const ticket = (n: number): JsonValue[] => [
  n % 9 === 4
    ? `Hello,\n\nI wrote last week about my ${topic(n)} and have heard nothing since.\nCould you look into it?\n\nThank you, customer ${n}`
    : `Where is my ${topic(n)}? (${n})`,
  n % 17 === 3 ? "" : intent(n),
  (n * 37) % 240,
];

const chat = (n: number): JsonValue[] => [
  [
    ...(n % 3 === 0
      ? [{ role: "system", content: "You help the customers of a shop. Be brief and friendly." }]
      : []),
    { role: "user", content: `My ${topic(n)} is late, what can I do? (${n})` },
    {
      role: "assistant",
      content:
        n % 11 === 6
          ? ""
          : `I am sorry about your ${topic(n)}.\n\n1. Open "My orders".\n2. Choose the order.\n3. Press "Where is it?".\n\nIf that does not help, I will ask the carrier for you.`,
    },
    ...(n % 5 === 0
      ? [
          { role: "user", content: "It says nothing there." },
          {
            role: "assistant",
            content: null,
            tool_calls: [{ name: "ask_carrier", arguments: { order: n, urgent: true } }],
          },
        ]
      : []),
  ],
  {
    channel: n % 2 ? "mail" : "chat",
    tags: [topic(n), "late"],
    customer: { since: 2019 + (n % 7), plus: n % 4 === 0 },
  },
  0.5 + ((n * 13) % 50) / 100,
];

const chatProblems: Problem[] = [6, 17, 28, 39, 50].map((n) => ({
  severity: "error",
  file: null,
  line: n + 1,
  row: n + 1,
  field: "messages",
  message: `Message ${n % 3 === 0 ? 3 : 2} is empty.`,
}));

export function exampleFiles(): Record<string, FakeFile> {
  const tickets: FakeFile = {
    type: "project_csv",
    columns: [
      ["instruction", "text"],
      ["intent", "text"],
      ["seconds", "integer"],
    ],
    rows: Array.from({ length: 12_480 }, (_, n) => ticket(n)),
  };
  const chats: FakeFile = {
    type: "project_jsonl",
    columns: [
      ["messages", "list"],
      ["about", "object"],
      ["score", "number"],
    ],
    rows: Array.from({ length: 2_500 }, (_, n) => chat(n)),
    diagnosis: {
      shape: "chat",
      why: "The column 'messages' holds lists of messages.",
      bad_rows: 5,
      duplicates: 2,
      conversions: [
        { to: "chat", says: "The rows stay as they are; only the format of the file changes." },
        {
          to: "sharegpt",
          says: "Each message stays; 'role' and 'content' become 'from' and 'value'. Other columns are left out.",
        },
        {
          to: "prompt_completion",
          says: "The user's message becomes the prompt, the assistant's becomes the completion. Only conversations of one question and one answer are taken. Other columns are left out.",
        },
        {
          to: "text",
          says: "The messages become the text, one after another, each with who speaks. Other columns are left out.",
        },
      ],
      problems: [
        ...chatProblems,
        {
          severity: "warning",
          file: null,
          line: 212,
          row: 212,
          field: null,
          message: "2 rows are the same as an earlier one: lines 212 and 968.",
        },
      ],
      errors: 5,
      warnings: 1,
    },
  };
  return {
    "/home/ada/data/support-tickets.csv": tickets,
    "/home/ada/data/chats.jsonl": chats,
    "/home/ada/data/reviews.csv": { ...tickets, rows: tickets.rows.slice(0, 40), condition: "changed" },
    "/home/ada/data/answers.csv": { ...tickets, rows: tickets.rows.slice(0, 300), condition: "touched" },
    "/home/ada/data/from-grace.jsonl": { ...chats, rows: chats.rows.slice(0, 60), condition: "never_read" },
    "/home/ada/data/faq": {
      ...tickets,
      type: "project",
      rows: tickets.rows.slice(0, 500),
      splits: [
        { name: "train", files: ["train.csv"], rows: 400 },
        { name: "validation", files: ["validation.csv"], rows: 60 },
        { name: "test", files: ["test.csv"], rows: 40 },
      ],
    },
    "/home/ada/data/empty.csv": { ...tickets, rows: [] },
  };
}

export const exampleDatasets: Kept[] = [
  ["ds-chats", "project_jsonl", "Chats with customers", "/home/ada/data/chats.jsonl"],
  ["ds-changed", "project_csv", "Reviews of May", "/home/ada/data/reviews.csv"],
  ["ds-touched", "project_csv", "Answers", "/home/ada/data/answers.csv"],
  ["ds-never", "project_jsonl", "Chats from Grace", "/home/ada/data/from-grace.jsonl"],
  ["ds-missing", "project_csv", "Lost and found", "/mnt/backup/2025/lost-and-found-of-all-branches.csv"],
  ["ds-splits", "project", "Questions in three splits", "/home/ada/data/faq"],
  ["ds-empty", "project_csv", "Empty", "/home/ada/data/empty.csv"],
].map(([id, type, name, location], at) =>
  kept("datasets", { id, type, name, location } as Kept["row"], 90 * at),
);
