import { Alert } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { isLive } from "../../api/runs";
import type { Elsewhere, Run } from "../../bindings";
import { keepsStop, silence } from "../../components/runs/elsewhere";
import { uncapitalize } from "../../format/texts";

/** Says that the target of a run is silent, and that a stop is kept until it answers. */
export function ElsewhereNotes({ run, there }: { run: Run; there: Elsewhere }) {
  const silent = silence(there);
  if (!silent || !isLive(run)) return null;
  return (
    <Alert
      color="yellow"
      variant="light"
      role="status"
      icon={<IconPlugConnectedX size={18} stroke={1.6} />}
      title={`${there.name}: ${uncapitalize(silent)}`}
    >
      {there.unreachable_why} The run may go on there. It is connected to again as soon as it answers.
      {keepsStop(run, there) && " The request to stop is kept until then."}
    </Alert>
  );
}
