// A session of the host: commands are answered by the core, on a folder that goes with the connection.

/** How a session is opened. Paths are those in its folder. */
export type Open = {
  /** The folder to use and to leave, in the place of a new one that goes with the session. */
  folder?: string;
  /** A folder whose files are copied into it. */
  template?: string;
  /** The database to open, `studio.db` when not told. */
  database?: string;
  /** Variables that say how to reach the hub. */
  hub?: Record<string, string>;
  virtual_env?: string;
  /** The folders in which programs are looked for. */
  path?: string[];
  /** Whether a worker of the host does the runs, in the place of Python; it does when not told. */
  worker?: boolean;
};

type Request = { open: Open } | { invoke: { cmd: string; args: unknown } } | { listen: string };

type Told =
  | { id: number; ok: unknown }
  | { id: number; error: unknown }
  | { channel: number; index: number; message: unknown }
  | { event: string; payload: unknown };

type Listeners = {
  channel?: (channel: number, told: { index: number; message: unknown }) => void;
  event?: (event: string, payload: unknown) => void;
};

export class Connection {
  /** The session's folder. */
  folder = "";
  listeners: Listeners = {};
  private asked = 0;
  private closed = false;
  private readonly waiting = new Map<number, { ok: (value: never) => void; no: (error: unknown) => void }>();

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener("message", ({ data }) => this.hear(JSON.parse(String(data))));
    socket.addEventListener("close", () => {
      for (const { no } of this.waiting.values()) no(new Error("The host ended the session."));
      this.closed = true;
    });
  }

  static async open(socket: WebSocket, open: Open): Promise<Connection> {
    const connection = new Connection(socket);
    await new Promise<void>((ok, no) => {
      socket.addEventListener("open", () => ok());
      socket.addEventListener("error", () => no(new Error("The host can't be reached.")));
    });
    connection.folder = await connection.ask({ open });
    return connection;
  }

  invoke<T>(cmd: string, args: unknown): Promise<T> {
    return this.ask({ invoke: { cmd, args } });
  }

  listen(event: string): Promise<void> {
    return this.ask({ listen: event });
  }

  /** Ends the session. What it was asked is not answered any more. Its database is closed then. */
  close(): Promise<void> {
    this.closed = true;
    this.waiting.clear();
    this.listeners = {};
    const closed = new Promise<void>((done) => this.socket.addEventListener("close", () => done()));
    this.socket.close();
    return closed;
  }

  private ask<T>(request: Request): Promise<T> {
    const id = ++this.asked;
    return new Promise<T>((ok, no) => {
      if (this.closed) return;
      this.waiting.set(id, { ok, no });
      // Channels write themselves as text, as they do on their way to the window.
      this.socket.send(JSON.stringify({ id, ...request }));
    });
  }

  private hear(told: Told): void {
    if ("event" in told) this.listeners.event?.(told.event, told.payload);
    else if ("channel" in told) this.listeners.channel?.(told.channel, told);
    else {
      const waiting = this.waiting.get(told.id);
      this.waiting.delete(told.id);
      if ("ok" in told) waiting?.ok(told.ok as never);
      else waiting?.no(told.error);
    }
  }
}
