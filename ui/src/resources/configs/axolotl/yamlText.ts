// Reads and writes the dataset of an Axolotl config. Comments, order and spacing stay unchanged.
import { type Document, isScalar, parseDocument, stringify } from "yaml";

const dataset = (key: string) => ["datasets", 0, key];

/** The first dataset of a text; null if it is not YAML. */
export function datasetIn(text: string): { path: string; type: string } | null {
  const document = read(text);
  if (!document) return null;
  const said = (key: string) => {
    const value = document.getIn(dataset(key));
    return typeof value === "string" ? value : "";
  };
  return { path: said("path"), type: said("type") };
}

/** The text with its first dataset changed; unchanged if it is not YAML. */
export function withDataset(text: string, changes: { path?: string; type?: string }): string {
  return Object.entries(changes).reduce((text, [key, value]) => withValue(text, dataset(key), value), text);
}

function withValue(text: string, path: (string | number)[], value: string): string {
  const document = read(text);
  if (!document) return text;
  const written = stringify(value).trim();
  const node = document.getIn(path, true);
  if (isScalar(node) && node.range) {
    const [from, to] = node.range;
    const before = /\s$/.test(text.slice(0, from)) ? "" : " ";
    // YAML comments need a space before them.
    const after = text[to] === "#" ? " " : "";
    return text.slice(0, from) + before + written + after + text.slice(to);
  }
  // A missing key needs the whole document to be written. Comments are kept.
  if (document.get("datasets") == null) document.set("datasets", document.createNode([{}]));
  document.setIn(path, value);
  return document.toString({ lineWidth: 0 });
}

function read(text: string): Document | null {
  const document = parseDocument(text);
  return document.errors.length === 0 ? document : null;
}
