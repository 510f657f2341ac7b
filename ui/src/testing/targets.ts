// What a check of a target finds, for tests and pictures, which have no other machine.
import type { TargetCheck, TargetSettings } from "../bindings";

export const gpuBox: TargetSettings = {
  kind: "ssh",
  host: "gpu-box",
  folder: "~/fine-tuning-studio",
  python: "~/venv/bin/python",
  ssh_config: null,
  options: { setup: "module load cuda" },
};

export const cluster: TargetSettings = {
  kind: "slurm",
  host: "login.cluster.example.org",
  folder: "/scratch/ada/studio",
  python: null,
  ssh_config: null,
  options: { partition: "gpu", gres: "gpu:1", time: "4:00:00", mem: "32G" },
};

const gpu = { name: "NVIDIA A100-SXM4-80GB", memory: 85_899_345_920 };

/** A machine with two GPUs where all is well but the disk. */
export const goodCheck: TargetCheck = {
  reachable: true,
  can_run: true,
  findings: [
    { level: "fine", text: "gpu-box answers.", hint: null },
    { level: "fine", text: "Python 3.11.9 has what training needs.", hint: null },
    {
      level: "remark",
      text: "12 GB are free where the folder is.",
      hint: "A training of a larger model needs more. Choose a folder on another disk.",
    },
  ],
  host_key: {
    host: "gpu-box",
    kind: "ED25519",
    fingerprint: "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
    known: true,
  },
  pythons: [{ path: "/home/ada/venv/bin/python", version: "3.11.9" }],
  stack: {
    python: "/home/ada/venv/bin/python",
    version: "3.11.9",
    packages: { torch: "2.9.1", transformers: "5.0.0", peft: "0.18.1", trl: "0.26.2", bitsandbytes: null },
    missing: [],
    accelerators: [],
  },
  environment: null,
  gpus: [
    { ...gpu, free: 61_000_000_000 },
    { ...gpu, free: 84_000_000_000 },
  ],
  processors: 64,
  memory_bytes: 512 * 1024 ** 3,
  free_bytes: 12_000_000_000,
  slurm: null,
  workbench: null,
};

/** A host whose key is not known yet. */
export const unknownKey: TargetCheck = {
  ...goodCheck,
  reachable: false,
  can_run: false,
  findings: [
    {
      level: "problem",
      text: "The key of gpu-box is not known.",
      hint: "Compare its fingerprint with the one that the machine itself prints, and accept it.",
    },
  ],
  host_key: {
    host: "gpu-box",
    kind: "ED25519",
    fingerprint: "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
    known: false,
  },
  pythons: [],
  stack: null,
  gpus: [],
  free_bytes: null,
  processors: null,
  memory_bytes: null,
};

/** A cluster with two partitions. */
export const clusterCheck: TargetCheck = {
  ...goodCheck,
  findings: [
    { level: "fine", text: "login.cluster.example.org answers.", hint: null },
    { level: "fine", text: "Slurm takes jobs for the partition gpu.", hint: null },
    { level: "remark", text: "The login node has no GPU.", hint: "Nodes of the partition may have some." },
  ],
  gpus: [],
  slurm: {
    version: "22.05.8",
    partitions: [
      { name: "cpu", default: true, time_limit: "2-00:00:00", nodes: 120, gres: null },
      { name: "gpu", default: false, time_limit: "1-00:00:00", nodes: 8, gres: "gpu:a100:4" },
    ],
  },
};
