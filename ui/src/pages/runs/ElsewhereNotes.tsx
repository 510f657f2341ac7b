import { Alert, Text } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import type { Elsewhere, Run } from "../../bindings";
import { keepsStop, silence } from "../../components/runs/elsewhere";

/** What should be known of the target of a run: that it is silent, that a stop is kept, that results are left. */
export function ElsewhereNotes({ run, there }: { run: Run; there: Elsewhere }) {
  const silent = silence(there);
  return (
    <>
      {silent && (
        <Alert
          color="yellow"
          variant="light"
          role="status"
          icon={<IconPlugConnectedX size={18} stroke={1.6} />}
          title={`${there.name}: ${silent.charAt(0).toLowerCase()}${silent.slice(1)}`}
        >
          {there.unreachable_why} The run may go on there. It is looked for again and again.
          {keepsStop(run, there) && " The request to stop is kept until then."}
        </Alert>
      )}
      {there.left_there && (
        <Text size="sm" c="var(--warning)" role="status">
          Results are still on {there.name}, in <code className="selectable">{there.left_there}</code>
        </Text>
      )}
    </>
  );
}
