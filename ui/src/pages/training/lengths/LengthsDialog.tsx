import { Alert, Button, Group, Modal, Text } from "@mantine/core";
import type { FieldProblem } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { WorkProgress } from "../../../components/WorkProgress";
import { SettingNumber } from "../fields";
import type { Training } from "../useTraining";
import { LengthBars } from "./LengthBars";
import { LengthFacts } from "./LengthFacts";
import css from "./Lengths.module.css";
import { SuggestedLimit } from "./SuggestedLimit";
import { useLengths } from "./useLengths";

/** The token lengths of all rows, and what the largest number of tokens a row does to them. It can be changed. */
export function LengthsDialog({ training, onClose }: { training: Training; onClose: () => void }) {
  const { state, found, cancel, count } = useLengths(training);
  const lengths = found?.lengths;
  const busy = state.status === "running";
  return (
    <Modal opened onClose={onClose} title="Token lengths" size="min(900px, 94vw)" centered>
      <div className={css.body} aria-busy={busy}>
        {busy && !lengths && (
          <WorkProgress
            label="Counting tokens"
            progress={state.progress}
            verb="counted"
            stopLabel="Stop"
            stopping={state.cancelling}
            onStop={cancel}
          />
        )}
        {state.status === "failed" && <Refusal error={state.error} />}
        {state.status === "cancelled" && <Stopped onAgain={count} />}
        {found && <Problems problems={found.problems} />}
        {lengths && (
          <>
            <LengthBars lengths={lengths} />
            <div className={css.limit}>
              <SettingNumber
                training={training}
                column="training_arguments_config"
                name="max_length"
                label="Tokens per row"
              />
              <SuggestedLimit training={training} lengths={lengths} />
            </div>
            <LengthFacts lengths={lengths} method={found.choices.method} rows={training.plan?.rows ?? null} />
          </>
        )}
      </div>
    </Modal>
  );
}

function Stopped({ onAgain }: { onAgain: () => void }) {
  return (
    <Group gap="md">
      <Text size="sm" c="dimmed">
        The counting was stopped.
      </Text>
      <Button variant="default" size="compact-sm" onClick={onAgain}>
        Count again
      </Button>
    </Group>
  );
}

function Problems({ problems }: { problems: FieldProblem[] }) {
  return problems.map(({ column, message }) => (
    <Alert key={`${column} ${message}`} color="red" variant="light" role="alert">
      {message}
    </Alert>
  ));
}
