// A session of the host: the core answers commands, on a folder that is deleted with the connection.

/** How a session is opened. Paths are those in its folder. */
export type Open = {
  /** The folder to use. It is kept, unlike the temporary one that is the default. */
  folder?: string;
  /** A folder whose files are copied into it. */
  template?: string;
  /** The database to open, `studio.db` by default. */
  database?: string;
  /** Environment variables for the connection to the Hub. */
  hub?: Record<string, string>;
  virtual_env?: string;
  /** The folders in which programs are looked for. */
  path?: string[];
  /** Whether runs use a worker of the host in place of Python, true by default. */
  worker?: boolean;
};

type Request = { open: Open } | { invoke: { cmd: string; args: unknown } } | { listen: string };

type Message =
  | { id: number; ok: unknown }
  | { id: number; error: unknown }
  | { channel: number; index: number; message: unknown }
  | { event: string; payload: unknown };

type Listeners = {
  channel?: (channel: number, message: { index: number; message: unknown }) => void;
  event?: (event: string, payload: unknown) => void;
};

export class Connection {
  /** The session's folder. */
  folder = "";
  listeners: Listeners = {};
  private lastId = 0;
  private closed = false;
  private readonly waiting = new Map<
    number,
    { resolve: (value: never) => void; reject: (error: unknown) => void }
  >();

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener("message", ({ data }) => this.receive(JSON.parse(String(data))));
    socket.addEventListener("close", () => {
      for (const { reject } of this.waiting.values()) reject(new Error("The host ended the session."));
      this.closed = true;
    });
  }

  static async open(socket: WebSocket, open: Open): Promise<Connection> {
    const connection = new Connection(socket);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("error", () => reject(new Error("The host can't be reached.")));
    });
    connection.folder = await connection.send({ open });
    return connection;
  }

  invoke<T>(cmd: string, args: unknown): Promise<T> {
    return this.send({ invoke: { cmd, args } });
  }

  listen(event: string): Promise<void> {
    return this.send({ listen: event });
  }

  /** Ends the session and closes its database. Open requests get no answer. */
  close(): Promise<void> {
    this.closed = true;
    this.waiting.clear();
    this.listeners = {};
    const closed = new Promise<void>((done) => this.socket.addEventListener("close", () => done()));
    this.socket.close();
    return closed;
  }

  private send<T>(request: Request): Promise<T> {
    const id = ++this.lastId;
    return new Promise<T>((resolve, reject) => {
      if (this.closed) return;
      this.waiting.set(id, { resolve, reject });
      // Tauri's channels serialize themselves, as in the window.
      this.socket.send(JSON.stringify({ id, ...request }));
    });
  }

  private receive(message: Message): void {
    if ("event" in message) this.listeners.event?.(message.event, message.payload);
    else if ("channel" in message) this.listeners.channel?.(message.channel, message);
    else {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if ("ok" in message) waiting?.resolve(message.ok as never);
      else waiting?.reject(message.error);
    }
  }
}
