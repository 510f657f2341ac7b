import { Text } from "@mantine/core";
import { useTargets } from "../../api/targets";
import type { Elsewhere, Run } from "../../bindings";

/** The name of the target that a run works on; null on this machine. */
export function useTargetName(run: Run, there: Elsewhere | null): string | null {
  const { data } = useTargets();
  if (there) return there.name;
  if (run.target === null) return null;
  return data?.find(({ id }) => id === run.target)?.name ?? "a removed target";
}

/** " on gpu-box" behind the name of a run; nothing on this machine. */
export function OnTarget({ run, there }: { run: Run; there: Elsewhere | null }) {
  const name = useTargetName(run, there);
  if (name === null) return null;
  return (
    <Text span inherit c="dimmed">
      {" "}
      on {name}
    </Text>
  );
}
