// A server on this machine from which a repository can be fetched, as from the Hub.
import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

const COMMIT = "5d1f8b0c2a7e4f6d9c3b1a0e8f7d6c5b4a392817";

const gitBlob = (content: Buffer) =>
  createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");

/** A repository's server. */
export class RepositoryServer {
  /** The variables that lead to it. */
  variables: Record<string, string> = {};
  /** How many bytes of a file are sent before the server waits; all of files that are not named. */
  readonly held = new Map<string, number>();
  /** Files that the server has lost. */
  readonly lost = new Set<string>();
  private readonly waiting: (() => void)[] = [];

  private constructor(
    readonly name: string,
    private readonly files: Map<string, Buffer>,
  ) {}

  /** Serves a model or a dataset for one test. */
  static async start(
    kind: "models" | "datasets",
    name: string,
    files: Record<string, Buffer | string>,
  ): Promise<RepositoryServer> {
    const contents = Object.entries(files).map(([file, content]) => [file, Buffer.from(content)] as const);
    const repository = new RepositoryServer(name, new Map(contents));
    const place = kind === "datasets" ? `/datasets/${name}` : `/${name}`;
    const server = createServer((request, response) => {
      const path = (request.url ?? "").split("?")[0] ?? "";
      const file = path.startsWith(`${place}/resolve/`)
        ? path.split("/resolve/")[1]?.split("/").slice(1).join("/")
        : undefined;
      if (file !== undefined) return repository.send(file, request.headers.range, response);
      if (path === `/api/${kind}/${name}/tree/${COMMIT}`) return json(response, repository.tree());
      if (path.startsWith(`/api/${kind}/${name}`)) return json(response, { id: name, sha: COMMIT });
      response.writeHead(404, { "X-Error-Code": "RepoNotFound" }).end("{}");
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    repository.variables = { HF_ENDPOINT: address, FINE_TUNING_STUDIO_DATASETS_SERVER: address };
    return repository;
  }

  /** Sends the rest of what is held, and holds nothing from now on. */
  release(): void {
    this.held.clear();
    for (const go of this.waiting.splice(0)) go();
  }

  private tree() {
    return [...this.files].map(([path, content]) => ({
      type: "file",
      path,
      size: content.length,
      oid: gitBlob(content),
    }));
  }

  private send(file: string, range: string | undefined, response: ServerResponse): void {
    const content = this.files.get(file);
    if (!content || this.lost.has(file)) {
      response.writeHead(404, { "X-Error-Code": "EntryNotFound" }).end();
      return;
    }
    const from = Number(range?.match(/bytes=(\d+)-/)?.[1] ?? 0);
    const head = { "Content-Length": content.length - from };
    if (range) {
      const last = content.length - 1;
      response.writeHead(206, { ...head, "Content-Range": `bytes ${from}-${last}/${content.length}` });
    } else {
      response.writeHead(200, head);
    }
    const until = this.held.get(file);
    if (until === undefined || until <= from) {
      response.end(content.subarray(from));
      return;
    }
    response.write(content.subarray(from, until));
    this.waiting.push(() => response.end(content.subarray(until)));
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}
