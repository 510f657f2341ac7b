import { SegmentedControl, Skeleton, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { toAppError } from "../../../api/errors";
import type { RenderedPrompt } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { FilledText } from "./FilledText";
import { TokenLine } from "./TokenLine";

type Props = {
  rendering: UseQueryResult<RenderedPrompt>;
  limit: number;
  /** Whether to show problems of the templates; the form shows them beside its editors. */
  problems?: boolean;
};

const apart = "Input and completion";
const training = "Training text";

/** The prompt filled with a row's values, as input and completion or as the training text. */
export function Preview({ rendering, limit, problems }: Props) {
  const [shown, setShown] = useState(apart);
  const { data: rendered, error } = rendering;
  if (error && !rendered) return <Refusal error={toAppError(error)} />;
  if (!rendered) return <Skeleton height={120} />;
  return (
    <Stack gap={12}>
      {rendered.unreadable && <Refusal error={rendered.unreadable} color="yellow" />}
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="What is shown"
        data={[apart, training]}
        value={shown}
        onChange={setShown}
      />
      {shown === apart ? (
        <>
          <FilledText label="Input" text={rendered.input} problems={problems} />
          <FilledText label="Completion" text={rendered.completion} problems={problems} />
        </>
      ) : (
        <FilledText label="Training text" text={rendered.training} tokens={false} problems={problems} />
      )}
      <TokenLine rendered={rendered} limit={limit} />
    </Stack>
  );
}
