// The files of a run, written by the test in place of its worker.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { RunReport, RunState } from "../bindings";
import type { Connection } from "./host/connection";

/** An event of a worker, a line of `events.jsonl`. */
export type Event = { event: string; [name: string]: unknown };

/** The event that ends an attempt. */
type End = {
  status: "succeeded" | "failed" | "stopped";
  message?: string;
  hint?: string;
  adapter?: string;
  output?: string;
};

/** Steps between two checkpoints. */
const CHECKPOINT = 50;
/** How many steps the trainings of the example take. */
export const STEPS = 204;

/** The files of a run, which its worker writes. */
export class RunFiles {
  readonly folder: string;

  /** `attempt` is the number of the attempt that `end` ends. */
  constructor(
    session: { folder: string },
    id: string,
    private readonly attempt = 1,
  ) {
    this.folder = join(session.folder, "runs", id);
  }

  report(...events: Event[]): void {
    const time = new Date().toISOString();
    const lines = events.map((event) => `${JSON.stringify({ ...event, time })}\n`);
    appendFileSync(join(this.folder, "events.jsonl"), lines.join(""));
  }

  print(text: string): void {
    appendFileSync(join(this.folder, "log.txt"), text);
  }

  /** Writes the events and the log of the steps after `from`, up to `to`. */
  train(from: number, to: number, loss = lossAt): void {
    const steps = Array.from({ length: to - from }, (_, at) => from + at + 1);
    this.report(
      { event: "status", status: "training", message: "Training" },
      ...steps.flatMap((step): Event[] => {
        const epoch = (step / STEPS) * 3;
        const values = {
          loss: loss(step),
          learning_rate: 1e-4 * (1 + Math.cos((Math.PI * step) / STEPS)),
          grad_norm: 0.6 + 1.6 * Math.exp((-4 * step) / STEPS) + 0.3 * wave(step * 3),
        };
        const events = [
          { event: "progress", step, max_steps: STEPS, epoch },
          { event: "metrics", step, epoch, values },
        ];
        if (step % CHECKPOINT > 0) return events;
        const path = join(this.folder, "output/checkpoints", `checkpoint-${step}`);
        mkdirSync(path, { recursive: true });
        return [
          ...events,
          { event: "metrics", step, epoch, values: { eval_loss: lossAt(step) * 1.08 + 0.03 } },
          { event: "checkpoint", step, path },
        ];
      }),
    );
    this.print(steps.map((step) => `{'loss': ${loss(step).toFixed(4)}}\n`).join(""));
  }

  end({ status, message, hint, adapter, output }: End): void {
    this.report({
      event: "ended",
      status,
      message: message ?? null,
      hint: hint ?? null,
      adapter: adapter ?? null,
      output: output ?? null,
    });
    writeFileSync(join(this.folder, `end-${this.attempt}`), "");
  }
}

/** Corrects the full paths in the specifications of runs after their workspace was copied. */
export function moveRuns(from: string, to: string): void {
  for (const run of readdirSync(join(to, "runs"))) {
    const job = join(to, "runs", run, "job.json");
    writeFileSync(job, readFileSync(job, "utf8").replaceAll(from, to));
  }
}

/** Waits until a run is in a state. */
export function until(connection: Connection, id: string, state: RunState): Promise<void> {
  return waitFor(`the run ${id} to be ${state}`, async () => {
    const { run } = await connection.invoke<RunReport>("run_report", { id });
    return run.state === state;
  });
}

/** Waits until the worker of a run has reported its start: events before that would be in the wrong order. */
export async function begun(connection: Connection, id: string): Promise<RunFiles> {
  await until(connection, id, "running");
  const run = new RunFiles(connection, id);
  const events = join(run.folder, "events.jsonl");
  await waitFor(`the worker of ${id}`, async () => existsSync(events) && statSync(events).size > 0);
  return run;
}

async function waitFor(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (await holds()) return;
    await new Promise((wait) => setTimeout(wait, 20));
  }
  throw new Error(`Timed out waiting for ${what}.`);
}

/** A wave between -1 and 1 that looks like noise and is the same every time. */
export function wave(at: number): number {
  return Math.sin(at * 12.9898) * Math.cos(at * 4.1414);
}

export function lossAt(step: number): number {
  const at = step / STEPS;
  return 0.22 + 2.9 * Math.exp(-5.5 * at) + (0.05 + 0.35 * Math.exp(-4 * at)) * wave(step);
}
