// The interpreters and the environment of the program, as the fake has them.
import type { Accelerator, EnvironmentReport, Interpreter } from "../../bindings";
import { refusal } from "./store";

const names = [
  "torch",
  "transformers",
  "peft",
  "trl",
  "accelerate",
  "datasets",
  "mlflow",
  "rouge_score",
  "safetensors",
];
const have = (present: string[]) =>
  Object.fromEntries(names.map((name) => [name, present.includes(name) ? "1.0" : null]));

const folder = "/home/ada/.local/share/fine-tuning-studio/python";

const managed: Interpreter = {
  path: `${folder}/bin/python`,
  source: "managed",
  version: "3.11.7",
  packages: have(names),
  missing: [],
  problem: null,
};

/** What is on the computer of the fake's person. */
export class FakePython {
  state: EnvironmentReport["state"] = "absent";
  chosen: string | null = null;
  accelerators: Accelerator[] = [
    { kind: "cuda", name: "NVIDIA RTX 4090", memory_bytes: 25_757_220_864, bfloat16: true, quantizes: true },
  ];
  found: Interpreter[] = [
    {
      path: "/home/ada/project/.venv/bin/python",
      source: "virtual_env",
      version: "3.12.1",
      packages: have(["torch", "transformers", "accelerate", "datasets", "safetensors"]),
      missing: ["peft", "trl", "mlflow", "rouge_score"],
      problem: null,
    },
    {
      path: "/usr/bin/python3",
      source: "path",
      version: "3.11.2",
      packages: have([]),
      missing: names,
      problem: null,
    },
    {
      path: "/home/ada/.pyenv/versions/3.8.18/bin/python",
      source: "pyenv",
      version: "3.8.18",
      packages: {},
      missing: [],
      problem: "It is too old: Python 3.11 or newer is needed.",
    },
  ];

  report(): EnvironmentReport {
    const own = {
      ...managed,
      problem:
        this.state === "unfinished" ? "It is not complete: create the environment again to continue." : null,
    };
    const there = this.state !== "absent" && this.state !== "foreign";
    const interpreters = [...(there ? [own] : []), ...this.found];
    const works = ({ missing, problem }: Interpreter) => problem === null && missing.length === 0;
    const used = this.chosen
      ? interpreters.find((python) => python.path === this.chosen && works(python))
      : interpreters.find(works);
    return {
      folder,
      state: this.state,
      bytes: there ? (this.state === "unfinished" ? 2_310_000_000 : 6_467_000_000) : null,
      free_bytes: 72_400_000_000,
      size: 6_500_000_000,
      interpreters,
      chosen: this.chosen,
      used: used?.path ?? null,
      program: null,
      why: used
        ? "It is the environment that this program made."
        : "No Python on this machine has what training needs. /home/ada/project/.venv/bin/python comes nearest and lacks peft, trl, mlflow, rouge_score.",
      hint: used ? null : "Open Settings → Python and choose Create environment.",
    };
  }

  choose(python: string | null) {
    if (python && !this.report().interpreters.some(({ path }) => path === python))
      throw refusal("invalid", `${python} can't be used as Python. It can't be started: permission denied.`, {
        hint: "Choose the program itself, such as bin/python3, or the folder of an environment.",
      });
    this.chosen = python;
    return null;
  }
}

export function pythonCommands(python: FakePython) {
  return {
    environment_report: () => python.report(),
    accelerators: () => python.accelerators,
    create_environment: () => {
      python.state = "complete";
      return managed;
    },
    remove_environment: () => {
      python.state = "absent";
      return null;
    },
    choose_python: (args: Record<string, unknown>) => python.choose(args.python as string | null),
  };
}
