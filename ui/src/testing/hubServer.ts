// A server on this machine that answers as the Hub's API does.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

const PAGES: Record<string, object> = {
  "/api/models/google/gemma-3-1b-it": {
    id: "google/gemma-3-1b-it",
    sha: "5d1f8b0c2a7e4f6d9c3b1a0e8f7d6c5b4a392817",
    private: false,
    gated: "manual",
    usedStorage: 2_020_000_000,
    config: { architectures: ["Gemma3ForCausalLM"], model_type: "gemma3_text" },
    cardData: { license: "gemma" },
    safetensors: { parameters: { BF16: 999_885_952 }, total: 999_885_952 },
  },
  "/api/datasets/rajpurkar/squad": {
    id: "rajpurkar/squad",
    sha: "7b6d24c440a36b6815f21b70d25016731768db1f",
    private: false,
    gated: false,
    cardData: {
      license: ["cc-by-sa-4.0"],
      dataset_info: {
        features: ["id", "title", "context", "question", "answers"].map((name) => ({
          name,
          dtype: "string",
        })),
        splits: [
          { name: "train", num_examples: 87_599 },
          { name: "validation", num_examples: 10_570 },
        ],
        download_size: 16_300_000,
      },
    },
  },
};

/** Starts it for one test; returns the variables that lead to it. */
export async function hubServer(): Promise<Record<string, string>> {
  const server = createServer((request, response) => {
    const page = PAGES[request.url ?? ""];
    // The Hub's own way to say that there is no such repository.
    if (!page) response.writeHead(404, { "X-Error-Code": "RepoNotFound" });
    response.end(JSON.stringify(page ?? {}));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { HF_ENDPOINT: address, FINE_TUNING_STUDIO_DATASETS_SERVER: address };
}
