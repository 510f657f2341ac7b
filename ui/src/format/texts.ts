import { formatNumber } from "./numbers";

const conjunction = new Intl.ListFormat("en", { type: "conjunction" });

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function uncapitalize(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A label within a sentence: in lower case, but for names and words with other capitals, such as Hub and LoRA. */
export function inSentence(label: string): string {
  const isName = (word: string) => word === "Hub" || /[A-Z]/.test(word.slice(1));
  const words = label.split(" ").map((word) => (isName(word) ? word : word.toLowerCase()));
  return words.join(" ");
}

/** Typographic quotation marks: “Tickets” for 'Tickets'. */
export function curlyQuotes(text: string): string {
  return text.replace(/(^|[\s(])'(.*?)'(?=$|[\s.,;:)])/g, "$1“$2”");
}

/** "3 rows", "1 row". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** "3 datasets", "1 dataset": rows by the name of their table. */
export function counted(count: number, table: { singular: string; plural: string }): string {
  return plural(count, table.singular, table.plural);
}

/** "3 datasets, 1 prompt, and 2 models". */
export function joinAnd(parts: string[]): string {
  return conjunction.format(parts);
}
