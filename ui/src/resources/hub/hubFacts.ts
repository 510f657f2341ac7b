// How what the hub knows is said.
import type { HubFacts } from "../../bindings";
import { precisionText } from "../../components/weights/weightFacts";
import { formatBytes, formatNumber, formatParameters } from "../../format/numbers";

const said = (parts: (string | null | false | undefined)[]) =>
  parts.filter((part): part is string => Boolean(part));

const splits = (facts: HubFacts) =>
  facts.splits
    .map(({ name, rows }) => (rows === null ? name : `${name} (${formatNumber(rows)} rows)`))
    .join(", ");

/** The one line that tells it from others. */
export function factsLine(facts: HubFacts): string {
  return said([
    facts.architectures[0] ?? facts.model_type,
    facts.parameters !== null && `${formatParameters(facts.parameters)} parameters`,
    facts.columns && `${facts.columns.length === 1 ? "column" : "columns"} ${facts.columns.join(", ")}`,
    splits(facts),
    facts.bytes !== null && formatBytes(facts.bytes),
    facts.license && `licence ${facts.license}`,
  ]).join(" · ");
}

export function hubFacts(facts: HubFacts): { name: string; value: string }[] {
  const all: [string, string | null | undefined][] = [
    ["Architecture", facts.architectures.join(", ") || facts.model_type],
    ["Parameters", facts.parameters === null ? null : formatParameters(facts.parameters)],
    ["Precision", precisionText(facts.precisions)],
    ["Made from", facts.base_model],
    ["Columns", facts.columns?.join(", ")],
    ["Subset", facts.subset],
    ["Splits", splits(facts)],
    ["Size", facts.bytes === null ? null : formatBytes(facts.bytes)],
    ["Access", facts.private ? "Private" : facts.gated ? "Has to be asked for" : "Open"],
    ["Licence", facts.license],
    ["Revision", facts.revision?.slice(0, 12)],
  ];
  return all.flatMap(([name, value]) => (value ? [{ name, value }] : []));
}
