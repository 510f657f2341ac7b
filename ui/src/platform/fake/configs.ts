// What is asked about configs, answered in memory.
import { parse } from "yaml";
import {
  AXOLOTL_FORMATS,
  type ConfigCheck,
  type ConfigType,
  type JsonValue,
  type Preset,
  SETTINGS,
  type SettingDifference,
  type SettingMark,
} from "../../bindings";
import { type FakeStore, refusal } from "./store";

type Arguments = { [name: string]: unknown };

const everything = { search: null, sort: null, filters: [], offset: 0, limit: Number.POSITIVE_INFINITY };

export function configCommands(store: FakeStore): Record<string, (args: Arguments) => unknown> {
  const presets = new Set<string>();
  const row = (id: unknown) => store.get("configs", String(id));
  const named = (id: unknown) => ({ id: String(id), label: row(id).label });
  const parsed = (type: unknown, text: unknown): JsonValue =>
    type === "axolotl" ? parse(String(text)) : JSON.parse(String(text));

  return {
    check_config: ({ kind, text, id }): ConfigCheck => {
      let value: JsonValue;
      try {
        value = parsed(kind, text);
      } catch {
        const problem = { message: "This can't be read.", line: 1, column: 1 };
        return { problem, settings: [], marks: [], twin: null };
      }
      const twin = store.list("configs", everything).rows.find(({ row }) => {
        const same = () => JSON.stringify(parsed(row.type, row.config)) === JSON.stringify(value);
        return row.type === kind && row.id !== id && row.config && same();
      });
      const settings = SETTINGS.find(({ type }) => type === kind);
      return {
        problem: null,
        settings: compared(settings ? JSON.parse(settings.default) : {}, value),
        marks: settings ? marks(settings.type, value) : [],
        twin: twin ? { id: String(twin.row.id), label: twin.label } : null,
      };
    },
    config_presets: (): Preset[] => [
      ...builtIn,
      ...[...presets]
        .filter((id) => store.has("configs", id))
        .map((id) => ({
          type: row(id).row.type as ConfigType,
          name: row(id).label,
          about: "",
          config: String(row(id).row.config),
          id,
        })),
    ],
    set_preset: ({ id, preset }) => {
      if (preset) presets.add(String(id));
      else presets.delete(String(id));
      return null;
    },
    compare_configs: ({ a, b }) => {
      const value = (id: unknown) => parsed(row(id).row.type, row(id).row.config);
      return { a: named(a), b: named(b), settings: compared(value(a), value(b)) };
    },
    axolotl_formats: ({ dataset }) => {
      const { row, label } = store.get("datasets", String(dataset));
      if (!row.features) throw refusal("invalid", `The columns of '${label}' are not known.`);
      const columns: string[] = JSON.parse(String(row.features));
      const fits = AXOLOTL_FORMATS.map(({ name, keys }) => ({
        name,
        matching: keys.filter((key) => columns.includes(key)),
        missing: keys.filter((key) => !columns.includes(key)),
      }));
      return fits.sort(
        (a, b) => b.matching.length - a.matching.length || a.missing.length - b.missing.length,
      );
    },
  };
}

const preset = (type: ConfigType, name: string, about: string, config: string): Preset => {
  return { type, name, about, config, id: null };
};

const builtIn: Preset[] = [
  ...SETTINGS.map((settings) =>
    preset(
      settings.type,
      "Studio default",
      "What a new config starts with, and what a job without one of its own uses.",
      JSON.stringify(JSON.parse(settings.default), null, 2),
    ),
  ),
  preset(
    "lora_config",
    "Medium, rank 32",
    "All linear layers. A good start for most tasks.",
    '{\n  "r": 32,\n  "lora_alpha": 64,\n  "target_modules": "all-linear"\n}',
  ),
  preset(
    "axolotl",
    "Template",
    "Every setting of the studio's axolotl template, the empty ones too.",
    "# The model: a hub name or a folder.\nbase_model:\n\n# What is learned from.\ndatasets:\n  - path:\n    type:\nval_set_size: 0.05\nadapter: lora\nlora_r: 32\n",
  ),
];

function marks(type: ConfigType, value: JsonValue): SettingMark[] {
  const known = SETTINGS.find((settings) => settings.type === type)?.groups.flatMap(
    ({ settings }) => settings,
  );
  return Object.entries(value as Record<string, JsonValue>).flatMap(([name, value]): SettingMark[] => {
    const setting = known?.find((setting) => setting.name === name);
    if (!setting) return [{ setting: name, kind: "unknown", message: `${name} is not checked.` }];
    if (setting.kind.is === "integer" && (!Number.isInteger(value) || (value as number) < setting.kind.min))
      return [{ setting: name, kind: "wrong", message: `${name} must be at least ${setting.kind.min}.` }];
    return [];
  });
}

function compared(a: JsonValue, b: JsonValue): SettingDifference[] {
  const [from, to] = [leaves(a), leaves(b)];
  return [...new Set([...from.keys(), ...to.keys()])].map((path) => {
    const [a, b] = [from.get(path) ?? null, to.get(path) ?? null];
    const change = a === null ? "added" : b === null ? "removed" : a === b ? "equal" : "changed";
    return { path, change, a, b };
  });
}

function leaves(value: JsonValue, path = ""): Map<string, string> {
  const inside = Array.isArray(value)
    ? value.some((item) => typeof item === "object" && item !== null)
    : value !== null && typeof value === "object";
  if (!inside) return new Map([[path, JSON.stringify(value)]]);
  const join = (key: string) => (Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key);
  return new Map(Object.entries(value as object).flatMap(([key, item]) => [...leaves(item, join(key))]));
}
