import { Stack } from "@mantine/core";
import { idOf } from "../../api/tables";
import { useModelFacts } from "../../api/weights";
import type { Listed } from "../../bindings";
import { WeightsFacts } from "../../components/weights/WeightsFacts";
import { modelFacts } from "../../components/weights/weightFacts";
import { FetchWeights } from "../hub/FetchWeights";
import { OnTheHub } from "../hub/OnTheHub";

/** The facts of a model's local files, and of its Hub name. */
export function ModelDetail({ listed }: { listed: Listed }) {
  const { data, error } = useModelFacts({ id: idOf(listed) });
  const facts = data?.facts ?? null;
  const isHere = facts !== null && data?.place.state !== "incomplete";
  return (
    <Stack gap={24}>
      <WeightsFacts
        place={data?.place}
        facts={facts && modelFacts(facts)}
        warnings={[
          ...(facts?.problems ?? []),
          ...(facts?.notes ?? []),
          ...(facts?.unread ? [facts.unread] : []),
        ]}
        error={error}
        fetch={<FetchWeights kind="model" name={listed.row.huggingface_model_name} isHere={isHere} />}
      />
      <OnTheHub table="models" listed={listed} brief={facts !== null} />
    </Stack>
  );
}
