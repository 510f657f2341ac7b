import { useNavigate } from "@tanstack/react-router";
import { showError } from "../api/errors";
import { useOpenWorkspace } from "../api/store";
import { type FileKind, pickFile, pickSavePath } from "../platform";

const databases: FileKind[] = [{ name: "SQLite database", extensions: ["db", "sqlite", "sqlite3"] }];

/** Opens another database and goes to Home. */
export function useSwitchWorkspace() {
  const open = useOpenWorkspace();
  const navigate = useNavigate();
  const openPath = async (path: string | null) => {
    if (!path) return;
    try {
      await open.mutateAsync(path);
      await navigate({ to: "/" });
    } catch (thrown) {
      showError(thrown);
    }
  };
  return {
    openPath,
    openAnother: async () => openPath(await pickFile(databases)),
    openNew: async () => openPath(await pickSavePath("studio.db", databases)),
  };
}
