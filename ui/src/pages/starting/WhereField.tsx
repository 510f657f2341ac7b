import { Text } from "@mantine/core";
import { PlaceSelect } from "../../components/targets/PlaceSelect";
import type { Starting } from "./useStarting";
import type { Where } from "./useWhere";

/** Where a run is to work. Nothing where there are no targets. */
export function WhereField({
  where,
  starting,
}: {
  where: Pick<Where, "target" | "choose">;
  starting: Starting;
}) {
  const error = starting.problem("target", true);
  const warning = error ? undefined : starting.warning("target");
  return (
    <PlaceSelect
      label="Runs on"
      field="target"
      description={
        warning && (
          <Text span inherit c="var(--warning)">
            {warning}
          </Text>
        )
      }
      error={error}
      value={where.target}
      onChange={where.choose}
    />
  );
}
