// The hub, how it is reached, and the folders, as the fake has them.
import type { Folder, HubAnswer, HubFacts, HubKind, HubRecord, HubSettings, TableName } from "../../bindings";
import { type FakeStore, refusal } from "./store";

const nothing: HubFacts = {
  name: "",
  revision: "5d1f8b0c2a7e4f6d9c3b1a0e8f7d6c5b4a392817",
  private: false,
  gated: false,
  description: null,
  license: "apache-2.0",
  bytes: null,
  architectures: [],
  model_type: null,
  parameters: null,
  precisions: [],
  base_model: null,
  adapter: false,
  subset: null,
  columns: null,
  splits: [],
};

const known: Record<string, HubFacts> = {
  "model google/gemma-3-1b-it": {
    ...nothing,
    name: "google/gemma-3-1b-it",
    license: "gemma",
    gated: true,
    bytes: 2_020_000_000,
    architectures: ["Gemma3ForCausalLM"],
    parameters: 999_885_952,
    precisions: [{ dtype: "BF16", parameters: 999_885_952 }],
  },
  "dataset rajpurkar/squad": {
    ...nothing,
    name: "rajpurkar/squad",
    license: "cc-by-sa-4.0",
    bytes: 16_300_000,
    columns: ["id", "title", "context", "question", "answers"],
    splits: [
      { name: "train", rows: 87_599 },
      { name: "validation", rows: 10_570 },
    ],
  },
};

const places: Partial<Record<TableName, [HubKind, string]>> = {
  datasets: ["dataset", "huggingface_name"],
  models: ["model", "huggingface_model_name"],
  adapters: ["model", "huggingface_name"],
};

/** The hub as the fake's person reaches it. */
export class FakeHub {
  settings: HubSettings = {
    settings: { offline: false, endpoint: null, python: null },
    file: "/home/ada/.config/fine-tuning-studio/settings.json",
    endpoint: "https://huggingface.co",
    endpoint_by_environment: false,
    offline_by_environment: false,
    token: { source: { is: "none" }, kept: false, keyring_problem: null },
  };
  readonly checked = new Map([["model google/gemma-3-1b-it", "2026-11-22T10:00:00Z"]]);

  constructor(private readonly store: FakeStore) {}

  ask(kind: HubKind, name: string): HubAnswer {
    const answer = (standing: HubAnswer["standing"], message: string, hint: string | null = null) => ({
      standing,
      message,
      hint,
      facts: null,
    });
    if (this.settings.settings.offline)
      return answer("offline", "Not checked: the program is set to work offline.");
    const facts = known[`${kind} ${name}`];
    if (!facts) return answer("not_found", `The hub has nothing called ${name}.`, "Look for a typing error.");
    this.checked.set(`${kind} ${name}`, new Date().toISOString());
    return { standing: "found", message: `${name} is on the hub.`, hint: null, facts };
  }

  record(table: TableName, id: string): HubRecord | null {
    const [kind, column] = places[table] ?? [];
    const { row } = this.store.get(table, id);
    if (!kind || !column || row.type !== "huggingface") return null;
    const name = String(row[column]);
    const checked_at = this.checked.get(`${kind} ${name}`);
    const facts = known[`${kind} ${name}`];
    return { kind, name, verified: checked_at && facts ? { checked_at, facts } : null };
  }

  verify(table: TableName, id: string): HubAnswer {
    const record = this.record(table, id);
    if (!record) throw refusal("invalid", "This row does not refer to the hub.");
    return this.ask(record.kind, record.name);
  }

  keep(token: string | null) {
    const source = token ? ({ is: "keyring" } as const) : ({ is: "none" } as const);
    this.settings = { ...this.settings, token: { source, kept: token !== null, keyring_problem: null } };
    return null;
  }

  folders(): Folder[] {
    return [
      { what: "database", path: "/home/ada", bytes: 1_482_752 },
      { what: "backups", path: "/home/ada/backups", bytes: 2_965_504 },
      { what: "hub_cache", path: "/home/ada/.cache/huggingface/hub", bytes: 3_049_230_000 },
      { what: "data", path: "/home/ada/.local/share/fine-tuning-studio", bytes: null },
    ];
  }
}

type Arguments = Record<string, unknown>;

export function hubCommands(hub: FakeHub) {
  return {
    hub_info: ({ kind, name }: Arguments) => hub.ask(kind as HubKind, String(name)),
    hub_record: ({ table, id }: Arguments) => hub.record(table as TableName, String(id)),
    verify_on_hub: ({ table, id }: Arguments) => hub.verify(table as TableName, String(id)),
    hub_settings: () => hub.settings,
    set_hub_settings: ({ settings }: Arguments) => {
      hub.settings = { ...hub.settings, settings: settings as HubSettings["settings"] };
      return null;
    },
    set_hub_token: ({ token }: Arguments) => hub.keep(token as string | null),
    folders: () => hub.folders(),
    open_folder: () => null,
  };
}
