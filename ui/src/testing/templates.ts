// The workspaces that tests and browsers start from, made by the core once.
import { join } from "node:path";
import { WebSocket as Socket } from "ws";
import type { TableName } from "../bindings";
import { writeFiles, writeHubCache } from "./example/files";
import { CHANGED, example, tickets, withoutRuns } from "./example/rows";
import { makeRuns, type Runs } from "./example/runs";
import { Connection } from "./host/connection";
import { importRows } from "./rows";

export type Templates = {
  folders: {
    /** Rows of every table, and no run. */
    example: string;
    /** The same, with runs and their results in place of rows without runs. */
    runs: string;
  };
  /** The runs of the second one. */
  runs: Runs;
};

/** Makes them below a folder, with the files that their rows name in `ada`. */
export async function makeTemplates(address: string, root: string): Promise<Templates> {
  const ada = join(root, "ada");
  writeFiles(ada);
  const rows = await makeWorkspace(address, join(root, "example"), (connection) =>
    fillExample(connection, ada),
  );
  const runs = await makeWorkspace(address, join(root, "runs"), async (connection) => {
    await importRows(connection, withoutRuns(ada));
    return makeRuns(connection);
  });
  return { folders: { example: rows.folder, runs: runs.folder }, runs: runs.filled };
}

/** Makes a workspace in a folder, and fills it. */
export async function makeWorkspace<T>(
  address: string,
  folder: string,
  fill: (connection: Connection) => Promise<T>,
) {
  const socket = new Socket(address) as unknown as WebSocket;
  const connection = await Connection.open(socket, { folder, hub: { HF_HUB_OFFLINE: "1" } });
  writeHubCache(join(connection.folder, "huggingface/hub"));
  const filled = await fill(connection);
  await connection.close();
  return { folder, filled };
}

async function fillExample(connection: Connection, ada: string): Promise<void> {
  const rows = example(ada);
  await importRows(connection, rows);
  // Read once, so that its rows are counted.
  const path = join(ada, "data/support-tickets.csv");
  const work = { task: path, onProgress: "__CHANNEL__:0" };
  await connection.invoke("relocate_dataset", { id: tickets, path, ...work });
  for (const [table, id] of CHANGED) {
    // A change, and back again.
    const [column, value] = changeOf(table);
    const before = rows[table]?.find((row) => row.id === id)?.[column] ?? null;
    for (const now of [value, before])
      await connection.invoke("update", { table, id, fields: { [column]: now } });
  }
}

/** A column of a table that takes this value. */
function changeOf(table: TableName): [string, string | number] {
  if (table === "configs") return ["model_family", "gemma"];
  return table.endsWith("_jobs") ? ["num_cpu", 1] : ["description", "Changed"];
}
