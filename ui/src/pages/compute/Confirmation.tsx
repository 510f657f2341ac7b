import { Alert, Button } from "@mantine/core";
import { IconShieldQuestion } from "@tabler/icons-react";
import { toAppError } from "../../api/errors";
import { useConfirmTarget, useTargetCommands } from "../../api/targets";
import type { Target } from "../../bindings";
import { Refusal } from "../../components/Refusal";
import css from "./Compute.module.css";

/** What an imported target would do, and a button that allows it. */
export function Confirmation({ target }: { target: Target }) {
  const { data: commands } = useTargetCommands(target.id);
  const confirm = useConfirmTarget();
  return (
    <Alert
      color="yellow"
      variant="light"
      mb={8}
      icon={<IconShieldQuestion size={18} stroke={1.6} />}
      title="These settings came with a file or another database."
    >
      Nothing is connected to before you confirm them. This is what a run uses and runs there:
      {commands && (
        <table className={css.commands} aria-label={`What ${target.name} runs`}>
          <tbody>
            {commands.map(({ what, text }) => (
              <tr key={`${what} ${text}`}>
                <th scope="row">{what}</th>
                <td>
                  <code>{text}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {confirm.error && <Refusal error={toAppError(confirm.error)} mb={8} />}
      <Button
        variant="default"
        disabled={!commands}
        loading={confirm.isPending}
        onClick={() => confirm.mutate(target)}
      >
        Confirm this target
      </Button>
    </Alert>
  );
}
