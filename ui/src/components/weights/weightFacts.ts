// The facts about models and adapters as text.
import type { AdapterFacts, ModelFacts, Precision } from "../../bindings";
import { formatBytes, formatNumber, formatParameters, formatPart } from "../../format/numbers";
import type { Fact } from "../Facts";

/** "bfloat16"; several data types with their part of the parameters: "int8 (90%), bfloat16 (10%)". */
export function precisionText(precisions: Precision[]): string {
  const all = precisions.reduce((sum, { parameters }) => sum + parameters, 0);
  if (precisions.length < 2 || all === 0) return precisions.map(({ dtype }) => dtype).join();
  return precisions.map(({ dtype, parameters }) => `${dtype} (${formatPart(parameters, all)})`).join(", ");
}

const number = (value: number | null) => (value === null ? null : formatNumber(value));

const parameters = (facts: ModelFacts | AdapterFacts) =>
  facts.parameters === null
    ? facts.unread && "Unknown without loading"
    : `${formatParameters(facts.parameters)} (${formatNumber(facts.parameters)}${"packed" in facts && facts.packed ? " packed numbers, of several weights each" : ""})`;

export function modelFacts(facts: ModelFacts): Fact[] {
  return [
    { name: "Architecture", value: facts.architectures.join(", ") || facts.model_type },
    { name: "Parameters", value: parameters(facts) },
    { name: "Precision", value: precisionText(facts.precisions) },
    { name: "Quantization", value: facts.quantization },
    {
      name: "Context length",
      value: facts.context_length === null ? null : `${formatNumber(facts.context_length)} tokens`,
    },
    { name: "Context extended by", value: facts.rope_scaling },
    { name: "Vocabulary", value: number(facts.vocabulary) },
    { name: "Layers", value: number(facts.layers) },
    { name: "Tokenizer", value: facts.tokenizer ? "Present" : "Missing" },
    { name: "Chat template", value: facts.chat_template ? "Present" : "Missing" },
    { name: "Size on disk", value: formatBytes(facts.bytes) },
  ];
}

export function adapterFacts(facts: AdapterFacts): Fact[] {
  return [
    { name: "Method", value: facts.peft_type },
    { name: "Task", value: facts.task_type === "SEQ_CLS" ? "Reward model: scores answers" : facts.task_type },
    { name: "Trained on", value: facts.base_model },
    { name: "Rank", value: number(facts.rank) },
    {
      name: "Other ranks",
      value: Object.entries(facts.rank_pattern)
        .map(([module, rank]) => `${module} ${rank}`)
        .join(", "),
    },
    { name: "Alpha", value: number(facts.alpha) },
    { name: "DoRA", value: facts.dora ? "Yes" : null },
    { name: "Dropout", value: number(facts.dropout) },
    { name: "Targets", value: facts.target_modules.join(", ") },
    { name: "Target parameters", value: facts.target_parameters.join(", ") },
    { name: "Saved whole", value: facts.modules_to_save.join(", ") },
    { name: "Bias", value: facts.bias },
    { name: "Parameters", value: parameters(facts) },
    { name: "Precision", value: precisionText(facts.precisions) },
    { name: "Size on disk", value: formatBytes(facts.bytes) },
  ];
}

/** The facts that distinguish a model from others, on one line. */
export function modelLine(facts: ModelFacts): string {
  const parts = [
    facts.architectures[0] ?? facts.model_type,
    facts.parameters !== null && `${formatParameters(facts.parameters)} parameters`,
    precisionText(facts.precisions),
    facts.context_length && `context ${formatNumber(facts.context_length)}`,
    formatBytes(facts.bytes),
  ];
  return parts.filter(Boolean).join(" · ");
}

export function adapterLine(facts: AdapterFacts): string {
  const parts = [
    facts.peft_type,
    facts.rank !== null && `rank ${facts.rank}`,
    facts.alpha !== null && `alpha ${facts.alpha}`,
    facts.parameters !== null && `${formatParameters(facts.parameters)} parameters`,
    formatBytes(facts.bytes),
  ];
  return parts.filter(Boolean).join(" · ");
}
