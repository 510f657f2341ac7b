// A search as it stands in the address of the page.
import type { Search } from "../../api/hubSearch";
import type { RepositoryFormat, SearchSort } from "../../bindings";

export type HubAddress = {
  /** The submitted text. Nothing is searched without one; an empty one lists everything. */
  q?: string;
  kind?: "dataset";
  task?: string;
  license?: string;
  format?: RepositoryFormat;
  /** The largest number of parameters. */
  size?: number;
  sort?: SearchSort;
  /** The local cache instead of the Hub. */
  view?: "machine";
  /** The kind and name of the repository in the panel: "model acme/tiny". */
  open?: string;
};

export const sorts: { value: SearchSort; label: string }[] = [
  { value: "downloads", label: "Most downloaded" },
  { value: "likes", label: "Most liked" },
  { value: "trending", label: "Trending" },
  { value: "newest", label: "Newest" },
];

const modelFormats: { value: RepositoryFormat; label: string }[] = [
  { value: "safetensors", label: "safetensors" },
  { value: "peft", label: "PEFT adapter" },
  { value: "gguf", label: "GGUF" },
];
const datasetFormats: { value: RepositoryFormat; label: string }[] = [
  { value: "parquet", label: "Parquet" },
  { value: "json", label: "JSON" },
  { value: "csv", label: "CSV" },
];
export const formatsOf = (kind: HubAddress["kind"]) => (kind === "dataset" ? datasetFormats : modelFormats);
export const formatLabel = (format: RepositoryFormat) =>
  [...modelFormats, ...datasetFormats].find(({ value }) => value === format)?.label ?? format;

/** Tasks and licenses that are common; any other can be typed. */
export const tasksOf = (kind: HubAddress["kind"]) =>
  kind === "dataset"
    ? [
        "text-generation",
        "question-answering",
        "text-classification",
        "summarization",
        "translation",
        "token-classification",
        "reinforcement-learning",
      ]
    : [
        "text-generation",
        "image-text-to-text",
        "text-classification",
        "summarization",
        "translation",
        "question-answering",
        "feature-extraction",
      ];
export const licenses = [
  "apache-2.0",
  "mit",
  "llama3.1",
  "llama3.2",
  "gemma",
  "cc-by-4.0",
  "cc-by-sa-4.0",
  "cc0-1.0",
  "openrail",
];

/** The search in an address; null before the first one. */
export function searchOf(address: HubAddress): Search | null {
  if (address.q === undefined || address.view === "machine") return null;
  const formats = formatsOf(address.kind).map(({ value }) => value);
  return {
    kind: address.kind ?? "model",
    text: address.q,
    task: address.task ?? null,
    license: address.license ?? null,
    format: address.format && formats.includes(address.format) ? address.format : null,
    parameters_max: address.kind === "dataset" ? null : (address.size ?? null),
    sort: address.sort ?? "downloads",
  };
}

/** Reads the part of an address after the question mark. */
export function hubAddress(raw: Record<string, unknown>): HubAddress {
  const text = (value: unknown) => (value === undefined || value === "" ? undefined : String(value));
  const one = <T extends string>(value: unknown, all: { value: T }[]) =>
    all.find((choice) => choice.value === value)?.value;
  const size = Number(raw.size);
  return {
    q: raw.q === undefined ? undefined : String(raw.q),
    kind: raw.kind === "dataset" ? "dataset" : undefined,
    task: text(raw.task),
    license: text(raw.license),
    format: one(raw.format, [...modelFormats, ...datasetFormats]),
    size: Number.isFinite(size) && size > 0 ? size : undefined,
    sort: one(raw.sort, sorts),
    view: raw.view === "machine" ? "machine" : undefined,
    open: text(raw.open),
  };
}
