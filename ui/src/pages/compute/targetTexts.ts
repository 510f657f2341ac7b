// What targets are called, in lists and forms.
import type { FindingLevel, GpuThere, TargetKind } from "../../bindings";
import { formatBytes } from "../../format/numbers";

/** The host of a target that is this machine. */
export const LOCAL = "local";

export const kinds: Record<TargetKind, { label: string; about: string }> = {
  ssh: {
    label: "Machine by SSH",
    about: "Runs are processes of one machine, and outlive the connection.",
  },
  slurm: {
    label: "Slurm cluster",
    about: "Runs are jobs that are submitted on a login node, and wait in the queue of the cluster.",
  },
  cloudera: {
    label: "Cloudera AI workbench",
    about: "Runs are runs of jobs in a project of a workbench.",
  },
};

/** The kind that a form's value says. */
export const kindOf = (value: string | undefined): TargetKind =>
  value === "slurm" || value === "cloudera" ? value : "ssh";

/** The folder there as long as a person names none. */
export const folders: Record<TargetKind, string> = {
  ssh: "~/fine-tuning-studio",
  slurm: "~/fine-tuning-studio",
  cloudera: "~/studio-runs",
};

export const levels: Record<FindingLevel, { label: string; color: string }> = {
  problem: { label: "Problem", color: "red" },
  remark: { label: "Remark", color: "yellow" },
  fine: { label: "Fine", color: "teal" },
};

/** "2 × NVIDIA A100, 86 GB (61 GB free)", a line for each kind of GPU, with the free memory of the fullest. */
export function gpuLines(gpus: GpuThere[]): string[] {
  const kindOf = ({ name, memory }: GpuThere) => `${name}, ${formatBytes(memory)}`;
  return [...new Set(gpus.map(kindOf))].map((kind) => {
    const all = gpus.filter((gpu) => kindOf(gpu) === kind);
    const least = formatBytes(Math.min(...all.map(({ free }) => free)));
    return `${all.length > 1 ? `${all.length} × ` : ""}${kind} (${least} free)`;
  });
}
