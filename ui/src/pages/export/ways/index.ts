// The ways to export, each in a file of its own. `resources/exportAction.ts` says for which tables.
import type { WayName, WayOf } from "../way";
import { gguf } from "./Gguf";
import { merge } from "./Merge";
import { mlflow } from "./Mlflow";
import { ollama } from "./Ollama";
import { publish } from "./Publish";

export const ways: { [Name in WayName]: WayOf<Name> } = { merge, gguf, ollama, publish, mlflow };
