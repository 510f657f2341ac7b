// A stand-in for the window: the commands and dialogs in memory, for component tests and for looking at
// pages in a browser. Never part of the shipped bundle.
import { clearMocks, mockIPC, mockWindows } from "@tauri-apps/api/mocks";
import type {
  BackupRule,
  BringBack,
  EnvironmentProgress,
  ImportPolicy,
  ListQuery,
  OpenWorkspace,
  Progress,
  Row,
  RowKey,
  RowsForm,
  TableName,
} from "../../bindings";
import { configCommands } from "./configs";
import { example, loadExample, removeExample } from "./example";
import { FakeHub, hubCommands } from "./hub";
import { lineage } from "./lineage";
import { promptCommands } from "./prompts";
import { FakePython, pythonCommands } from "./python";
import { FakeRuns } from "./runs";
import { FakeSnapshots } from "./snapshots";
import { FakeStore, type Filling, refusal } from "./store";
import { fakeTags } from "./tags";
import { FakeWeights, weightsCommands } from "./weights";

export { refusal } from "./store";

type Arguments = {
  table: TableName;
  id: string;
  ids: string[];
  query: ListQuery;
  fields: Row;
  dependents: "refuse" | "detach" | "delete";
  path: string;
  offset: number;
  limit: number;
  policy: ImportPolicy;
  rule: BackupRule;
  deletion: number;
  withChanged: boolean | null;
  key: RowKey;
  rows: RowKey[] | null;
  request: BringBack;
  task: string;
  onProgress: { id: number };
  [name: string]: unknown;
};

type Command = (args: Arguments) => unknown;

export type Fake = {
  store: FakeStore;
  /** The files that can be imported, and the backups. */
  snapshots: FakeSnapshots;
  /** The folders with models and adapters, and the hub's cache. */
  weights: FakeWeights;
  /** The hub, and how it is reached. */
  hub: FakeHub;
  /** The interpreters, and the environment that the program makes. */
  python: FakePython;
  /** What trains and evaluates, and what waits for it. */
  runs: FakeRuns;
  /** Every command that was called, in order. */
  calls: { command: string; args: Arguments }[];
  /** Answers a command in another way, from now on. */
  on: (command: string, answer: Command) => void;
  /** What the next dialog gives back: a path, or null for "cancelled". */
  nextPick: (path: string | null) => void;
  /** Drops files on the window. */
  drop: (paths: string[]) => void;
  /** Tells the listener of a long command how far it is. */
  progress: (args: Arguments, progress: Progress | EnvironmentProgress) => void;
};

type Internals = { runCallback: (id: number, message: unknown) => void };
const internals = () => (window as unknown as { __TAURI_INTERNALS__: Internals }).__TAURI_INTERNALS__;

export function installFake(filling: Filling = {}): Fake {
  const store = new FakeStore(filling);
  const snapshots = new FakeSnapshots(store);
  const weights = new FakeWeights(store);
  const hub = new FakeHub(store);
  const python = new FakePython();
  const runs = new FakeRuns(store);
  const calls: Fake["calls"] = [];
  const picks: (string | null)[] = [];
  const dropListeners: number[] = [];
  const sent = new Map<number, number>();

  const send = (channel: number, message: unknown) => {
    const index = sent.get(channel) ?? 0;
    sent.set(channel, index + 1);
    internals().runCallback(channel, { index, message });
  };

  const workspace = (path: string): OpenWorkspace => ({
    path,
    name:
      path
        .split("/")
        .at(-1)
        ?.replace(/\.[^.]*$/, "") ?? path,
    version: "0.1.0",
    size_bytes: 1_482_752,
    counts: store.counts(),
    recent: ["/home/ada/studio.db", "/home/ada/research/tickets.db"],
  });
  let path = "/home/ada/studio.db";

  const commands: Record<string, Command> = {
    shown: () => null,
    workspace: () => workspace(path),
    open_workspace: (args) => {
      path = args.path;
      return workspace(path);
    },
    list: ({ table, query }) => store.list(table, query),
    search_everywhere: ({ search, limit }) => store.searchEverywhere(String(search), limit),
    get: ({ table, id }) => store.get(table, id),
    used_by: ({ table, id }) => store.usedBy(table, [id]),
    create: ({ table, fields }) => store.create(table, fields),
    update: ({ table, id, fields }) => store.update(table, id, fields),
    duplicate: ({ table, id }) => store.duplicate(table, id),
    deletion_plan: ({ table, ids }) => store.deletionPlan(table, ids),
    delete: ({ table, ids, dependents }) => store.delete(table, ids, dependents),
    example: () => example(store),
    load_example: () => loadExample(store),
    remove_example: ({ withChanged }) => removeExample(store, withChanged),
    lineage: ({ table, id }) => lineage(store, table, id),
    deleted: ({ offset, limit }) => store.deleted.page(offset, limit),
    deleted_row: ({ deletion, key }) => store.deleted.row(deletion, key),
    obstacles: ({ deletion, rows }) => store.deleted.obstacles(store, deletion, rows),
    bring_back: ({ deletion, request }) => store.deleted.bringBack(store, deletion, request),
    purge: ({ deletion }) => store.deleted.purge(deletion),
    check: () => store.findings(),
    ...(fakeTags(store) as unknown as Record<string, Command>),
    ...promptCommands(store),
    export_rows: ({ path, table, ids, form }) => snapshots.exportRows(path, table, ids, form as RowsForm),
    plan_import: ({ path }) => snapshots.plan(path),
    import_conflicts: ({ table, offset, limit }) => snapshots.conflicts(table, offset, limit),
    import_snapshot: ({ policy }) => snapshots.import(policy),
    discard_import: () => snapshots.discard(),
    backups: () => snapshots.backups(),
    back_up: () => snapshots.backUp("manual"),
    restore_backup: ({ id }) => snapshots.restore(id),
    delete_backup: ({ id }) => snapshots.deleteBackup(id),
    set_backup_rule: ({ rule }) => snapshots.setRule(rule),
    ...configCommands(store),
    ...weightsCommands(weights),
    ...hubCommands(hub),
    ...pythonCommands(python),
    ...runs.commands((channel) => (answer) => send((channel as { id: number }).id, answer)),
    cancel: () => false,
    "plugin:dialog|open": () => picks.shift() ?? null,
    "plugin:dialog|save": () => picks.shift() ?? null,
    "plugin:window|set_title": () => null,
    "plugin:event|listen": ({ event, handler }) => {
      if (event === "tauri://drag-drop") dropListeners.push(handler as number);
      return handler;
    },
    "plugin:event|unlisten": ({ eventId }) => {
      const at = dropListeners.indexOf(eventId as number);
      if (at >= 0) dropListeners.splice(at, 1);
      return null;
    },
  };

  clearMocks();
  mockWindows("main");
  mockIPC((command, payload) => {
    const args = (payload ?? {}) as Arguments;
    calls.push({ command, args });
    const answer = commands[command];
    if (!answer) throw refusal("internal", `The fake does not know the command ${command}.`);
    return answer(args);
  });

  return {
    store,
    snapshots,
    weights,
    hub,
    python,
    runs,
    calls,
    on: (command, answer) => {
      commands[command] = answer;
    },
    nextPick: (path) => void picks.push(path),
    drop: (paths) => {
      for (const listener of [...dropListeners]) {
        const payload = { paths, position: { x: 0, y: 0 } };
        internals().runCallback(listener, { event: "tauri://drag-drop", id: listener, payload });
      }
    },
    progress: ({ onProgress: { id } }, progress) => send(id, progress),
  };
}
