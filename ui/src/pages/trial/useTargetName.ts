import { useRow } from "../../api/store";

/** What is shown as the name of the base model, or of an adapter by its id. */
export function useTargetName(target: string): string {
  const isBase = target === "base";
  const { data } = useRow("adapters", target, !isBase);
  return isBase ? "Base model" : (data?.label ?? "Adapter");
}
