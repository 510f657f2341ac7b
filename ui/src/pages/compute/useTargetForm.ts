import { useState } from "react";
import { toAppError } from "../../api/errors";
import { useSaveTarget } from "../../api/targets";
import type { AppError, FieldProblem, Target, TargetSettings } from "../../bindings";
import type { PageFields } from "../../components/form/fieldProps";
import type { FormValues } from "../../components/form/values";
import { folders, kindOf } from "./targetTexts";

/** What Slurm is asked for, by its own words. */
const ofSlurm = ["partition", "account", "qos", "time", "gres", "mem"] as const;

/** What a workbench is asked for. */
const ofWorkbench = ["project", "runtime", "addons", "profile", "gpu_label", "certificates"] as const;

const labels: Record<string, string> = {
  name: "Name",
  host: "Host",
  folder: "Folder there",
  python: "Python there",
  ssh_config: "SSH configuration",
  setup: "Before Python",
  keep: "Kept there of finished runs",
  models: "Models of the Hub",
  partition: "Partition",
  account: "Account",
  qos: "Quality of service",
  time: "Time limit",
  gres: "GPUs and the like",
  mem: "Memory of a node",
  nodes: "Nodes",
  sbatch: "Further options of sbatch",
  project: "Project",
  key: "API key",
  runtime: "Runtime",
  addons: "Addons",
  profile: "Processors, memory and GPUs",
  gpu_label: "Label of the GPUs",
  certificates: "Certificates of your company",
};

/** The values of the form, and what was refused of them. */
export function useTargetForm(target: Target | null, onSaved: (target: Target) => void) {
  const [values, setValues] = useState(() => valuesOf(target));
  const [touched, setTouched] = useState(false);
  const [refused, setRefused] = useState<AppError | null>(null);
  const [problems, setProblems] = useState<FieldProblem[]>([]);
  const save = useSaveTarget();
  const page: PageFields = {
    values,
    set: (column, text) => {
      setTouched(true);
      setValues((old) => changed(old, column, text));
      setProblems((old) => old.filter((problem) => problem.column !== column));
    },
    label: (column) => labels[column] ?? column,
    problem: (column) =>
      problems
        .filter((problem) => problem.column === column)
        .map(({ message }) => message)
        .join(" ") || undefined,
    warning: () => undefined,
  };
  const submit = async () => {
    const own = ownProblems(values);
    setProblems(own);
    setRefused(null);
    if (own.length > 0) return;
    try {
      onSaved(
        await save.mutateAsync({
          id: target?.id ?? null,
          name: values.name ?? "",
          settings: settingsOf(values),
          key: (kindOf(values.kind) === "cloudera" && values.key?.trim()) || null,
        }),
      );
    } catch (thrown) {
      const error = toAppError(thrown);
      setProblems(error.fields);
      // What stands beside its field is not said twice.
      const shown = error.fields.length > 0 && error.fields.every(({ column }) => column in labels);
      setRefused(shown ? null : error);
    }
  };
  return { page, touched, refused, submit, saving: save.isPending };
}

/** Another kind has another usual folder. */
function changed(old: FormValues, column: string, text: string): FormValues {
  const isUsual = old.folder === folders[kindOf(old.kind)];
  const moved: FormValues = column === "kind" && isUsual ? { folder: folders[kindOf(text)] } : {};
  return { ...old, ...moved, [column]: text };
}

function valuesOf(target: Target | null): FormValues {
  const { kind, host, folder, python, ssh_config, options } = target?.settings ?? {
    kind: "ssh",
    host: "",
    folder: folders.ssh,
  };
  const words = [...ofSlurm, ...ofWorkbench].map((word) => [word, options?.[word] ?? ""]);
  return {
    name: target?.name ?? "",
    kind,
    host,
    folder,
    python: python ?? "",
    ssh_config: ssh_config ?? "",
    setup: options?.setup ?? "",
    keep: options?.keep ?? "nothing",
    models: options?.models ?? "",
    nodes: options?.nodes == null ? "" : String(options.nodes),
    sbatch: options?.sbatch?.join("\n") ?? "",
    key: "",
    ...Object.fromEntries(words),
  };
}

function ownProblems({ kind, nodes }: FormValues): FieldProblem[] {
  const isCount = /^[1-9]\d*$/.test(nodes?.trim() ?? "");
  if (kind !== "slurm" || !nodes?.trim() || isCount) return [];
  return [{ column: "nodes", message: "This must be a whole number above 0." }];
}

/** The settings of the values. Those of Slurm belong to clusters alone, and those of workbenches to them. */
function settingsOf(values: FormValues): TargetSettings {
  const text = (column: string) => values[column]?.trim() || null;
  const kind = kindOf(values.kind);
  const isWorkbench = kind === "cloudera";
  const asked = (words: readonly string[]) => Object.fromEntries(words.map((word) => [word, text(word)]));
  const lines = (values.sbatch ?? "").split("\n").map((line) => line.trim());
  const options =
    kind === "slurm"
      ? {
          ...asked(ofSlurm),
          nodes: text("nodes") ? Number(text("nodes")) : null,
          sbatch: lines.filter((line) => line !== ""),
        }
      : isWorkbench
        ? asked(ofWorkbench)
        : {};
  return {
    kind,
    host: text("host") ?? "",
    folder: text("folder") ?? "",
    python: text("python"),
    ssh_config: isWorkbench ? null : text("ssh_config"),
    options: {
      ...options,
      setup: isWorkbench ? null : text("setup"),
      keep: values.keep === "nothing" ? null : text("keep"),
      models: text("models"),
    },
  };
}
