import { Anchor, Button, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { showError, toAppError } from "../../api/errors";
import { openFolder, useFolders } from "../../api/folders";
import { useWorkspace } from "../../api/store";
import type { Folder } from "../../bindings";
import { CopyButton } from "../../components/clipboard";
import { Panel } from "../../components/Panel";
import { PathText } from "../../components/PathText";
import { Refusal } from "../../components/Refusal";
import { formatBytes } from "../../format/numbers";
import { inSentence } from "../../format/texts";
import css from "./Folders.module.css";

const names: Record<Folder["what"], string> = {
  database: "Database",
  backups: "Backups",
  hub_cache: "Hub cache",
  data: "Application data",
  log: "Log",
};

/** The program's folders with their sizes. */
export function Folders() {
  const { data: folders, error, refetch } = useFolders();
  const workspace = useWorkspace();
  const nothingOpen = workspace.isError && !workspace.data;
  if (!folders && !error) return null;
  return (
    <Panel
      title="Folders"
      about={
        <>
          Which backups are kept is set on the{" "}
          <Anchor inherit underline="always" renderRoot={(props) => <Link to="/database" {...props} />}>
            Database
          </Anchor>{" "}
          page. The Hub cache is set by HF_HUB_CACHE or HF_HOME.
        </>
      }
    >
      {error && !folders && <Refusal error={toAppError(error)} onRetry={() => void refetch()} />}
      {nothingOpen && (
        <Text size="sm" c="dimmed" mb={12}>
          No workspace is open. The folders of a database and of its backups are listed while it is open.
        </Text>
      )}
      <ul className={css.folders}>
        {folders?.map(({ what, path, bytes: size }) => (
          <li key={what}>
            <span className={css.name}>{names[what]}</span>
            <PathText path={path} />
            <span className={css.size}>{size === null ? "Not there yet" : formatBytes(size)}</span>
            <Group gap={4} wrap="nowrap">
              <CopyButton value={path} what={`path of ${inSentence(names[what])}`} />
              <Button
                variant="default"
                size="compact-sm"
                disabled={size === null}
                aria-label={`Open the folder of ${inSentence(names[what])}`}
                onClick={() => void openFolder(what).catch(showError)}
              >
                Open
              </Button>
            </Group>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
