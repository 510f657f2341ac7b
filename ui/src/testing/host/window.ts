// Takes the place of Tauri in pages that run outside the window: commands go to a session of the host, and
// the test answers dialogs of the operating system.
import { clearMocks, mockIPC, mockWindows } from "@tauri-apps/api/mocks";
import { commands, type ImportPolicy, type ListQuery, type Row, type TableName } from "../../bindings";
import type { Connection } from "./connection";

type Commands = typeof commands;

/** The arguments of a command by name, as the pages give them. */
export type Arguments = {
  table: TableName;
  id: string;
  ids: string[];
  query: ListQuery;
  fields: Row;
  path: string;
  offset: number;
  limit: number;
  policy: ImportPolicy;
  task: string;
  [name: string]: unknown;
};

export type Call = { command: string; args: Arguments };

type Internals = { runCallback: (id: number, message: unknown) => void };
const internals = () => (window as unknown as { __TAURI_INTERNALS__: Internals }).__TAURI_INTERNALS__;

export class HostWindow {
  /** Every command that the pages called, in order. */
  readonly calls: Call[] = [];
  /** The commands of the core, called by the test: they are not among the calls. */
  readonly core: Commands;
  private readonly answers = new Map<string, (args: Arguments) => unknown>();
  private readonly picks: (string | null)[] = [];
  private readonly listeners: { event: string; handler: number }[] = [];
  private readonly sent = new Map<number, number>();
  private past = false;

  constructor(readonly connection: Connection) {
    connection.listeners = {
      channel: (channel, message) => internals().runCallback(channel, message),
      event: (event, payload) => this.emit(event, payload),
    };
    this.core = new Proxy(commands, {
      get: (all, name) => {
        const command = all[name as keyof Commands] as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          this.past = true;
          try {
            return command(...args);
          } finally {
            this.past = false;
          }
        };
      },
    });
    clearMocks();
    mockWindows("main");
    mockIPC((command, payload) => this.call(command, (payload ?? {}) as Arguments));
  }

  /** The session's folder. */
  get folder(): string {
    return this.connection.folder;
  }

  /** Answers a command in place of the core from now on. */
  on<Name extends keyof Commands>(
    name: Name,
    answer: (args: Arguments) => Awaited<ReturnType<Commands[Name]>> | ReturnType<Commands[Name]>,
  ): void {
    this.answers.set(snake(name), answer);
  }

  /** The core answers the command again. */
  off(name: keyof Commands): void {
    this.answers.delete(snake(name));
  }

  /** How many rows a table has. */
  async count(table: TableName): Promise<number> {
    const { counts } = await this.core.workspace();
    return counts.find((count) => count.table === table)?.rows ?? 0;
  }

  /** Whether a row exists. */
  async has(table: TableName, id: string): Promise<boolean> {
    const { total } = await this.core.list(table, {
      search: null,
      sort: null,
      filters: [{ column: "id", value: id }],
      offset: 0,
      limit: 1,
    });
    return total > 0;
  }

  /** The answer of the next file dialog: a path, or null for "cancelled". */
  nextPick(path: string | null): void {
    this.picks.push(path);
  }

  /** Drops files on the window. */
  drop(paths: string[]): void {
    this.emit("tauri://drag-drop", { paths, position: { x: 0, y: 0 } });
  }

  /** The number of listeners of an event. */
  listening(event: string): number {
    return this.listeners.filter((listener) => listener.event === event).length;
  }

  /** Sends a message through a channel of a call, in place of the core. */
  send(args: Arguments, message: unknown, channel = "onProgress"): void {
    const { id } = args[channel] as { id: number };
    const index = this.sent.get(id) ?? 0;
    this.sent.set(id, index + 1);
    internals().runCallback(id, { index, message });
  }

  private call(command: string, args: Arguments): unknown {
    if (this.past) return this.connection.invoke(command, args);
    this.calls.push({ command, args });
    if (command === "plugin:dialog|open" || command === "plugin:dialog|save")
      return this.picks.shift() ?? null;
    if (command === "plugin:event|listen") return this.listen(String(args.event), Number(args.handler));
    if (command === "plugin:event|unlisten") return this.unlisten(Number(args.eventId));
    if (command.startsWith("plugin:")) return null;
    const answer = this.answers.get(command);
    return answer ? answer(args) : this.connection.invoke(command, args);
  }

  private async listen(event: string, handler: number): Promise<number> {
    const known = this.listeners.some((listener) => listener.event === event);
    this.listeners.push({ event, handler });
    // The core does not send the events of the window itself.
    if (!known && !event.startsWith("tauri://")) await this.connection.listen(event);
    return handler;
  }

  private unlisten(handler: number): null {
    const at = this.listeners.findIndex((listener) => listener.handler === handler);
    if (at >= 0) this.listeners.splice(at, 1);
    return null;
  }

  /** Sends an event in place of the core. */
  emit(event: string, payload: unknown): void {
    for (const listener of this.listeners.filter((one) => one.event === event)) {
      internals().runCallback(listener.handler, { event, id: listener.handler, payload });
    }
  }
}

/** `fooBar` as the core names it, `foo_bar`. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
