import { Button, Group } from "@mantine/core";
import type { AppError } from "../bindings";
import { Page } from "../components/Page";
import { Refusal } from "../components/Refusal";
import { useSwitchWorkspace } from "../components/useSwitchWorkspace";

/** The page while no database could be opened. */
export function NothingOpen({ error, onRetry }: { error: AppError; onRetry: () => void }) {
  const { openAnother, openNew } = useSwitchWorkspace();
  return (
    <Page title="No workspace is open">
      <Refusal error={error} maw={640} />
      <Group mt="md" gap={8}>
        <Button onClick={openAnother}>Open another…</Button>
        <Button variant="default" onClick={openNew}>
          New…
        </Button>
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      </Group>
    </Page>
  );
}
