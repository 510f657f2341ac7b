// The workspaces that tests and browsers start from, made by the core once.
import { join } from "node:path";
import { WebSocket as Socket } from "ws";
import { writeFiles } from "./example/files";
import { CHANGED, example } from "./example/rows";
import { Connection, type Open } from "./host/connection";
import { importRows } from "./rows";

/** Their folders. */
export type Templates = { example: string };

/** Makes them below a folder, with the files that their rows name in `ada`. */
export async function makeTemplates(address: string, root: string): Promise<Templates> {
  const ada = join(root, "ada");
  writeFiles(ada);
  const made = async (name: string, how: Open, fill: (connection: Connection) => Promise<void>) => {
    const connection = await Connection.open(new Socket(address) as unknown as WebSocket, {
      hub: { HF_HUB_OFFLINE: "1" },
      ...how,
    });
    await fill(connection);
    const place = join(root, name);
    await connection.save(place);
    connection.close();
    return place;
  };
  return {
    example: await made("example", {}, async (connection) => {
      const rows = example(ada);
      await importRows(connection, rows);
      for (const [table, id] of CHANGED) {
        // A change, and back again.
        const [column, value] = table.endsWith("_jobs")
          ? ["num_cpu", 1]
          : table === "configs"
            ? ["model_family", "gemma"]
            : ["description", "Changed"];
        const before = rows[table]?.find((row) => row.id === id)?.[column] ?? null;
        for (const now of [value, before])
          await connection.invoke("update", { table, id, fields: { [column]: now } });
      }
    }),
  };
}
