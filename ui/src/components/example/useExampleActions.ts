import { notifications } from "@mantine/notifications";
import { showError, toAppError } from "../../api/errors";
import { useLoadExample, useRemoveExample } from "../../api/example";
import { tableOf } from "../../api/tables";
import { counted, joinAnd } from "../../format/texts";
import { useUndo } from "../deletion/useUndo";
import { useDialogs } from "../useDialogs";

/** Loads and removes the example workspace. Removing it asks only about changed or referred-to rows. */
export function useExampleActions() {
  const loading = useLoadExample();
  const removing = useRemoveExample();
  const dialogs = useDialogs();
  const { noteDeleted } = useUndo();

  const load = async () => {
    try {
      const added = await loading.mutateAsync();
      const said = added.map(({ table, rows }) => counted(rows, tableOf(table)));
      const what = joinAnd(said);
      notifications.show(
        added.length > 0
          ? { color: "green", message: `The example was added: ${what}.` }
          : { message: "The example is already loaded." },
      );
    } catch (thrown) {
      showError(thrown);
    }
  };

  const remove = async () => {
    try {
      const { deletion } = await removing.mutateAsync({ withChanged: null, dependents: "refuse" });
      noteDeleted(deletion, "The example workspace was removed.");
    } catch (thrown) {
      const { code } = toAppError(thrown);
      if (code === "conflict" || code === "in_use") dialogs.removeExample();
      else showError(thrown);
    }
  };

  return { load, loading: loading.isPending, remove, removing: removing.isPending };
}
