import { expect, test } from "vitest";
import {
  chatTemplates,
  fileTemplate,
  help,
  methods,
  noTemplate,
  type Option,
  rowFormats,
  trainOn,
  tunings,
} from "./options";

const lists: Option<string>[] = [
  ...methods,
  ...rowFormats,
  ...trainOn,
  ...tunings,
  ...chatTemplates,
  noTemplate,
  fileTemplate,
];
const texts: [string, string][] = [
  ...lists.map(({ value, help }): [string, string] => [value, help]),
  ...Object.entries(help),
];

test.each(texts)(
  "%s says in two sentences what it is, when one would choose it and what it costs",
  (_, text) => {
    const sentences = text.split(/(?<=\.)\s+(?=[A-Z])/);
    expect(sentences.length).toBeGreaterThanOrEqual(2);
    expect(sentences.at(-1)).toMatch(/^(Choose|Raise) .*[;,:].*\.$/);
  },
);
