// The workspace of the pictures: the example with its runs, and conversations and preferences beside them.
import { join } from "node:path";
import type { Created, Listed, Run, TrainingRequest } from "../../bindings";
import { writeChats, writeInstructModel, writePreferences, writeReviews } from "../example/chats";
import { write, writeAdapter } from "../example/files";
import { otherStudio } from "../example/otherStudio";
import { CHANGED, qwen, tickets, withoutRuns } from "../example/rows";
import { makeRuns, type Runs, START } from "../example/runs";
import type { Connection } from "../host/connection";
import { importRows } from "../rows";
import { begun, STEPS, until, wave } from "../runs";

/** Fills an empty workspace. `ada` is the folder with the files of the example; more are written there. */
export async function fillPictures(connection: Connection, ada: string): Promise<Runs> {
  writeInstructModel(join(ada, "models/qwen"));
  const rows = withoutRuns(ada);
  await importRows(connection, rows);
  for (const [table, id] of CHANGED) {
    if (!rows[table]?.some((row) => row.id === id)) continue;
    // A change and back again, so that the row has a time.
    const { row } = await connection.invoke<Listed>("get", { table, id });
    const column = table === "configs" ? "model_family" : "description";
    for (const value of ["changed", row[column] ?? null])
      await connection.invoke("update", { table, id, fields: { [column]: value } });
  }
  const data = join(ada, "data");
  const read = async (command: string, path: string, given: object) => {
    const work = { task: path, onProgress: "__CHANNEL__:0" };
    return connection.invoke<Created>(command, { path, options: null, ...given, ...work });
  };
  await read("relocate_dataset", join(data, "support-tickets.csv"), { id: tickets });
  await read("import_dataset", writeReviews(data), { name: "Reviews of May" });
  const pairs = await read("import_dataset", writePreferences(data), { name: "Preferred answers" });
  await read("import_dataset", writeChats(data), { name: "Chats with customers" });
  write(join(ada, "studio.json"), JSON.stringify(otherStudio));
  await trainPreferences(connection, String(pairs.row.row.id));
  return makeRuns(connection);
}

/** A training on pairs of answers that has ended well. */
async function trainPreferences(connection: Connection, dataset: string): Promise<void> {
  const request: TrainingRequest = {
    base_model_id: qwen,
    dataset_id: dataset,
    adapter_name: "kind-answers",
    framework_type: "legacy",
    num_epochs: 1,
    auto_add_adapter: true,
  };
  const { id } = await connection.invoke<Run>("start_training", { request });
  const run = await begun(connection, id);
  run.print(START);
  run.report({ event: "status", status: "training", message: "Training" });
  for (let step = 1; step <= STEPS; step++) {
    const at = step / STEPS;
    const epoch = at;
    const margin = 2.4 * (1 - Math.exp(-3.2 * at)) + 0.3 * wave(step);
    const values = {
      loss: Math.log(1 + Math.exp(-margin)),
      "rewards/margins": margin,
      "rewards/accuracies": Math.min(1, 0.5 + 0.48 * (1 - Math.exp(-4 * at)) + 0.05 * wave(step * 7)),
      "rewards/chosen": 0.4 * margin,
      "rewards/rejected": -0.6 * margin,
      learning_rate: 1e-5 * (1 - at),
    };
    run.report(
      { event: "progress", step, max_steps: STEPS, epoch },
      { event: "metrics", step, epoch, values },
    );
    if (step % 34 > 0) continue;
    const held = { "eval_rewards/margins": margin - 0.15, eval_loss: values.loss + 0.04 };
    run.report({ event: "metrics", step, epoch, values: held });
  }
  const place = join(run.folder, "output/adapter");
  writeAdapter(place, "Qwen/Qwen2.5-0.5B-Instruct");
  run.end({ status: "succeeded", adapter: place });
  await until(connection, id, "succeeded");
}
