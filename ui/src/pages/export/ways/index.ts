// The ways to export, each in a file of its own. `resources/exportAction.ts` says for which tables.
import type { WayName, WayOf } from "../way";
import { gguf } from "./Gguf";
import { merge } from "./Merge";
import { ollama } from "./Ollama";

export const ways: { [Name in WayName]: WayOf<Name> } = { merge, gguf, ollama };
