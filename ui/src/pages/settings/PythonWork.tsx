import { notifications } from "@mantine/notifications";
import { useRouter } from "@tanstack/react-router";
import { createContext, type ReactNode, useContext } from "react";
import { createEnvironment, usePythonChanged } from "../../api/python";
import { type TaskState, useTask } from "../../api/useTask";
import type { EnvironmentKind, EnvironmentProgress, Interpreter } from "../../bindings";

type Work = {
  creating: TaskState<Interpreter, EnvironmentProgress>;
  create: () => Promise<void>;
  cancel: () => void;
};

const Context = createContext<Record<EnvironmentKind, Work> | null>(null);

const ready: Record<EnvironmentKind, string> = {
  training: "Python is ready to train",
  axolotl: "Axolotl is ready to train",
  gguf: "Exports to GGUF are ready",
};

/** Mounted in the frame: creating an environment takes minutes and continues on other pages. */
export function PythonWork({ children }: { children: ReactNode }) {
  const works = { training: useWork("training"), axolotl: useWork("axolotl"), gguf: useWork("gguf") };
  return <Context value={works}>{children}</Context>;
}

function useWork(kind: EnvironmentKind): Work {
  const { state: creating, run, cancel } = useTask<Interpreter, EnvironmentProgress>();
  const changed = usePythonChanged();
  const router = useRouter();

  const create = async () => {
    const made = await run(createEnvironment(kind));
    await changed();
    if (made && router.state.location.pathname !== "/settings") {
      notifications.show({ color: "green", title: ready[kind], message: made.path });
    }
  };

  return { creating, create, cancel };
}

export function usePythonWork(kind: EnvironmentKind): Work {
  const works = useContext(Context);
  if (!works) throw new Error("usePythonWork needs a PythonWork above it");
  return works[kind];
}
