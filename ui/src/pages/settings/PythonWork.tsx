import { notifications } from "@mantine/notifications";
import { useRouter } from "@tanstack/react-router";
import { createContext, type ReactNode, useContext } from "react";
import { createEnvironment, usePythonChanged } from "../../api/python";
import { type TaskState, useTask } from "../../api/useTask";
import type { EnvironmentProgress, Interpreter } from "../../bindings";

type Work = {
  creating: TaskState<Interpreter, EnvironmentProgress>;
  create: () => Promise<void>;
  cancel: () => void;
};

const Context = createContext<Work | null>(null);

/** Mounted in the frame: creating an environment takes minutes and continues on other pages. */
export function PythonWork({ children }: { children: ReactNode }) {
  const { state: creating, run, cancel } = useTask<Interpreter, EnvironmentProgress>();
  const changed = usePythonChanged();
  const router = useRouter();

  const create = async () => {
    const made = await run(createEnvironment);
    await changed();
    if (made && router.state.location.pathname !== "/settings") {
      notifications.show({ color: "green", title: "Python is ready to train", message: made.path });
    }
  };

  return <Context value={{ creating, create, cancel }}>{children}</Context>;
}

export function usePythonWork(): Work {
  const work = useContext(Context);
  if (!work) throw new Error("usePythonWork needs a PythonWork above it");
  return work;
}
