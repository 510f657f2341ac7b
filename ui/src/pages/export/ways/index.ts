// The ways to export, each in a file of its own. `resources/exportAction.ts` says for which tables.
import type { WayName, WayOf } from "../way";
import { endpoint } from "./Endpoint";
import { gguf } from "./Gguf";
import { merge } from "./Merge";
import { mlflow } from "./Mlflow";
import { ollama } from "./Ollama";
import { publish } from "./Publish";
import { registration } from "./Registration";

export const ways: { [Name in WayName]: WayOf<Name> } = {
  merge,
  gguf,
  ollama,
  publish,
  mlflow,
  model_registry: registration,
  cml_model: endpoint,
};
