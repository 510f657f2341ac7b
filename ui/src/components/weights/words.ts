// How the facts about models and adapters are said.
import type { AdapterFacts, ModelFacts, Precision } from "../../bindings";
import { amount, bytes } from "../words";

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** "1.24B", as the field writes it. */
export function size(parameters: number): string {
  return compact.format(parameters);
}

/** One format by its name; several with their share. */
export function precision(precisions: Precision[]): string {
  const all = precisions.reduce((sum, { parameters }) => sum + parameters, 0);
  if (precisions.length < 2 || all === 0) return precisions.map(({ dtype }) => dtype).join();
  const share = (part: number) => {
    const percent = (part / all) * 100;
    return percent < 1 ? "under 1%" : `${Math.floor(percent)}%`;
  };
  return precisions.map(({ dtype, parameters }) => `${dtype} (${share(parameters)})`).join(", ");
}

export type Fact = { name: string; value: string };

const known = (facts: { name: string; value: string | null }[]): Fact[] =>
  facts.filter((fact): fact is Fact => Boolean(fact.value));

const number = (value: number | null) => (value === null ? null : amount(value));

const parameters = (facts: ModelFacts | AdapterFacts) =>
  facts.parameters === null
    ? facts.unread && "Unknown without loading"
    : `${size(facts.parameters)} (${amount(facts.parameters)})`;

export function modelFacts(facts: ModelFacts): Fact[] {
  return known([
    { name: "Architecture", value: facts.architectures.join(", ") || facts.model_type },
    { name: "Parameters", value: parameters(facts) },
    { name: "Precision", value: precision(facts.precisions) },
    { name: "Quantization", value: facts.quantization },
    {
      name: "Context length",
      value: facts.context_length === null ? null : `${amount(facts.context_length)} tokens`,
    },
    { name: "Vocabulary", value: number(facts.vocabulary) },
    { name: "Layers", value: number(facts.layers) },
    { name: "Tokenizer", value: facts.tokenizer ? "There" : "Not there" },
    { name: "Chat template", value: facts.chat_template ? "There" : "Not there" },
    { name: "Size on disk", value: bytes(facts.bytes) },
  ]);
}

export function adapterFacts(facts: AdapterFacts): Fact[] {
  return known([
    { name: "Method", value: facts.peft_type },
    { name: "Task", value: facts.task_type },
    { name: "Trained on", value: facts.base_model },
    { name: "Rank", value: number(facts.rank) },
    { name: "Alpha", value: number(facts.alpha) },
    { name: "Dropout", value: number(facts.dropout) },
    { name: "Targets", value: facts.target_modules.join(", ") },
    { name: "Bias", value: facts.bias },
    { name: "Parameters", value: parameters(facts) },
    { name: "Precision", value: precision(facts.precisions) },
    { name: "Size on disk", value: bytes(facts.bytes) },
  ]);
}

/** The one line that tells a model from others. */
export function modelLine(facts: ModelFacts): string {
  const parts = [
    facts.architectures[0] ?? facts.model_type,
    facts.parameters !== null && `${size(facts.parameters)} parameters`,
    precision(facts.precisions),
    facts.context_length && `context ${amount(facts.context_length)}`,
    bytes(facts.bytes),
  ];
  return parts.filter(Boolean).join(" · ");
}

export function adapterLine(facts: AdapterFacts): string {
  const parts = [
    facts.peft_type,
    facts.rank !== null && `rank ${facts.rank}`,
    facts.alpha !== null && `alpha ${facts.alpha}`,
    facts.parameters !== null && `${size(facts.parameters)} parameters`,
    bytes(facts.bytes),
  ];
  return parts.filter(Boolean).join(" · ");
}
