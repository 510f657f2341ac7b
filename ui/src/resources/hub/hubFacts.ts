// The facts of the Hub as text.
import type { HubFacts } from "../../bindings";
import type { Fact } from "../../components/Facts";
import { precisionText } from "../../components/weights/weightFacts";
import { formatBytes, formatNumber, formatParameters } from "../../format/numbers";

const said = (parts: (string | null | false | undefined)[]) =>
  parts.filter((part): part is string => Boolean(part));

const splits = (facts: HubFacts) =>
  facts.splits
    .map(({ name, rows }) => (rows === null ? name : `${name} (${formatNumber(rows)} rows)`))
    .join(", ");

/** The facts that distinguish a repository from others, on one line. */
export function factsLine(facts: HubFacts): string {
  return said([
    facts.architectures[0] ?? facts.model_type,
    facts.parameters !== null && `${formatParameters(facts.parameters)} parameters`,
    facts.columns && `${facts.columns.length === 1 ? "column" : "columns"} ${facts.columns.join(", ")}`,
    splits(facts),
    facts.bytes !== null && formatBytes(facts.bytes),
    facts.license && `license ${facts.license}`,
  ]).join(" · ");
}

export function hubFacts(facts: HubFacts): Fact[] {
  return [
    { name: "Architecture", value: facts.architectures.join(", ") || facts.model_type },
    { name: "Parameters", value: facts.parameters !== null && formatParameters(facts.parameters) },
    { name: "Precision", value: precisionText(facts.precisions) },
    { name: "Made from", value: facts.base_model },
    { name: "Columns", value: facts.columns?.join(", ") },
    { name: "Subset", value: facts.subset },
    { name: "Splits", value: splits(facts) },
    { name: "Size", value: facts.bytes !== null && formatBytes(facts.bytes) },
    { name: "Access", value: facts.private ? "Private" : facts.gated ? "Needs approval" : "Open" },
    { name: "License", value: facts.license },
    { name: "Revision", value: facts.revision?.slice(0, 12) },
  ];
}
