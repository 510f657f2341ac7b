import { useLocalStorage } from "@mantine/hooks";
import { useTargets } from "../../api/targets";

/** Where a run is to work: the target that was chosen last, or this machine. */
export function useWhere(touch: () => void) {
  const { data: targets } = useTargets();
  const [chosen, choose] = useLocalStorage<string | null>({
    key: "run-target",
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  // It may have been removed, or belong to another workspace.
  const target = targets?.find(({ id }) => id === chosen) ?? null;
  return {
    targets: targets ?? [],
    /** The id for the request; null for this machine. */
    target: target?.id ?? null,
    name: target?.name ?? "This machine",
    choose: (id: string | null) => {
      touch();
      choose(id);
    },
  };
}

export type Where = ReturnType<typeof useWhere>;
