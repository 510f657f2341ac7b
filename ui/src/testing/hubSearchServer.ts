// A server on this machine whose lists can be searched as those of the Hub, with one model that can be fetched.
import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

const COMMIT = "5d1f8b0c2a7e4f6d9c3b1a0e8f7d6c5b4a392817";

/** A model as lists describe it. */
export function model(name: string, billions: number, more: object = {}) {
  const total = billions * 1e9;
  return {
    id: name,
    gated: false,
    downloads: 1_000_000 - Math.round(billions * 1000),
    likes: 12,
    lastModified: "2026-03-01T10:00:00.000Z",
    pipeline_tag: "text-generation",
    safetensors: { parameters: { BF16: total }, total },
    tags: ["safetensors", "license:apache-2.0"],
    ...more,
  };
}

const MODELS = [
  model("acme/huge", 4000),
  model("acme/gated-huge", 3000, { gated: "manual" }),
  model("acme/tiny", 0.001),
  model("acme/tiny-gguf", 0.002, { safetensors: undefined, gguf: { total: 2e6 }, tags: ["gguf"] }),
  ...Array.from({ length: 60 }, (_, index) => model(`other/many-${index}`, 0.003 + index / 1000)),
];

const DATASETS = [
  {
    id: "acme/tiny-rows",
    gated: false,
    downloads: 500,
    mainSize: 16_300_000,
    tags: ["task_categories:question-answering", "format:json", "size_categories:1K<n<10K", "license:mit"],
  },
];

const FILES: Record<string, string> = {
  "config.json": JSON.stringify({ architectures: ["LlamaForCausalLM"], model_type: "llama" }),
  "model.safetensors": "\u0002\0\0\0\0\0\0\0{}",
};

const gitHash = (text: string) =>
  createHash("sha1")
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest("hex");

/** Starts it for one test. `faults` are the statuses of the next searches. */
export async function hubSearchServer() {
  const faults: number[] = [];
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", address);
    requests.push(`${url.pathname}${url.search}`);
    const [, , kind] = url.pathname.split("/");
    if (url.pathname === "/api/models" || url.pathname === "/api/datasets") {
      const status = faults.shift();
      if (status) response.writeHead(status).end();
      else list(url, kind === "models" ? MODELS : DATASETS, response);
    } else file(url.pathname, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const searches = () => requests.filter((path) => /^\/api\/(models|datasets)\?/.test(path));
  return {
    hub: { HF_ENDPOINT: address, FINE_TUNING_STUDIO_DATASETS_SERVER: address },
    faults,
    searches,
  };
}

type Listed = { id: string; downloads: number; tags: string[]; pipeline_tag?: string };

function list(url: URL, all: Listed[], response: ServerResponse) {
  const { searchParams: query } = url;
  const found = all
    .filter(({ id }) => id.includes(query.get("search") ?? ""))
    .filter(({ tags }) => query.getAll("filter").every((tag) => tags.includes(tag)))
    .filter(({ pipeline_tag }) => !query.has("pipeline_tag") || pipeline_tag === query.get("pipeline_tag"))
    .sort((a, b) => b.downloads - a.downloads);
  const from = Number(query.get("cursor") ?? 0);
  const to = from + Number(query.get("limit"));
  if (to < found.length) {
    query.set("cursor", String(to));
    response.setHeader("Link", `<${url}>; rel="next"`);
  }
  response.end(JSON.stringify(found.slice(from, to)));
}

/** The files of acme/tiny, and what the Hub says of every model. */
function file(path: string, response: ServerResponse) {
  const name = path.split("/").at(-1) ?? "";
  if (path.startsWith("/acme/tiny/resolve/")) return response.end(FILES[name]);
  if (path.startsWith("/api/models/acme/tiny/tree/")) {
    const entries = Object.entries(FILES).map(([path, text]) => ({
      type: "file",
      path,
      oid: gitHash(text),
      size: Buffer.byteLength(text),
    }));
    return response.end(JSON.stringify(entries));
  }
  const known = [...MODELS, ...DATASETS].find(({ id }) => path.includes(`/${id}`));
  if (!known) return response.writeHead(404, { "X-Error-Code": "RepoNotFound" }).end("{}");
  response.end(JSON.stringify({ ...known, sha: COMMIT, usedStorage: 5_000_000 }));
}
