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
  /** Whether what is wrong with the templates is told here, not beside their editors. */
  problems?: boolean;
};

const apart = "Input and completion";
const training = "Training text";

/** The prompt with a row's values, in its two parts or as the one text that is trained on. */
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
