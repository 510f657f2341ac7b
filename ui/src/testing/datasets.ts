// Datasets with files of their own, opened beside their list.
import { dirname, join } from "node:path";
import { Channel } from "@tauri-apps/api/core";
import { screen } from "@testing-library/react";
import type { JsonValue } from "../bindings";
import { csv, write } from "./example/files";
import type { HostWindow } from "./host/window";
import { openHost, showStudio } from "./open";

export const NUMBERS = Array.from({ length: 5000 }, (_, at) => `{"text": "text ${at + 1}"}\n`).join("");

const turn = (role: string, content: JsonValue) => ({ role, content });
export const ABOUT = { tags: ["a", "b"], by: { name: "Ada", note: "" } };

/** Conversations, of which these rows end in an empty answer. Line 7 is blank. */
export function chats(empty = (row: number): boolean => row === 1200 || row === 1300): string {
  const lines = Array.from({ length: 1500 }, (_, at) => {
    const question = turn("user", `Question ${at + 1}\nplease`);
    const answer = turn("assistant", empty(at + 1) ? "" : "Answer");
    return JSON.stringify({
      id: at,
      messages: [turn("system", "Be brief."), question, answer],
      about: ABOUT,
    });
  });
  lines.splice(6, 0, "");
  return `${lines.join("\n")}\n`;
}

const texts = (from: number, to: number) =>
  csv([["text"], ...Array.from({ length: to - from + 1 }, (_, at) => [`text ${from + at}`])]);

/** The datasets by name, each with its files. */
const FILES: Record<string, Record<string, string>> = {
  Splits: { "splits/train.csv": texts(1, 20), "splits/test.csv": texts(21, 30) },
  Numbers: { "numbers.jsonl": NUMBERS },
  Moved: { "moved.csv": texts(1, 8214), "numbers.jsonl": NUMBERS },
  Chats: { "chats.jsonl": chats() },
};

/** Imports a dataset and opens it; `change` happens to its files in between. */
export async function openDataset(name: string, change?: (host: HostWindow, id: string) => unknown) {
  const host = await openHost();
  const files = Object.entries(FILES[name] ?? {});
  for (const [file, text] of files) write(join(host.folder, file), text);
  const first = files[0]?.[0] ?? "";
  const path = join(host.folder, name === "Splits" ? dirname(first) : first);
  const { row } = await host.core.importDataset(path, name, "import", new Channel(), null);
  const id = String(row.row.id);
  await change?.(host, id);
  return { id, path, ...showStudio(`/datasets?id=${id}`, host) };
}

export const called = (host: HostWindow, name: string) =>
  host.calls.filter(({ command }) => command === name);
export const cell = (name: string) => screen.findByRole("gridcell", { name });
