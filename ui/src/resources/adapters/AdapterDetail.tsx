import { Stack } from "@mantine/core";
import { idOf } from "../../api/tables";
import { useAdapterFacts } from "../../api/weights";
import type { Listed } from "../../bindings";
import { WeightsFacts } from "../../components/weights/WeightsFacts";
import { adapterFacts } from "../../components/weights/weightFacts";
import { FetchWeights } from "../hub/FetchWeights";
import { OnTheHub } from "../hub/OnTheHub";

/** The facts of an adapter's local files and of its Hub name, and whether it fits its model. */
export function AdapterDetail({ listed }: { listed: Listed }) {
  const { data, error } = useAdapterFacts({ id: idOf(listed) });
  const facts = data?.facts ?? null;
  const isHere = facts !== null && data?.place.state !== "incomplete";
  return (
    <Stack gap={24}>
      <WeightsFacts
        place={data?.place}
        facts={facts && adapterFacts(facts)}
        warnings={[
          ...(facts?.problems ?? []),
          ...(facts?.notes ?? []),
          ...(facts?.unread ? [facts.unread] : []),
          ...(data?.misfits ?? []),
        ]}
        error={error}
        fetch={<FetchWeights kind="adapter" name={listed.row.huggingface_name} isHere={isHere} />}
      />
      <OnTheHub table="adapters" listed={listed} brief={facts !== null} />
    </Stack>
  );
}
