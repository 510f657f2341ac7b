import { Anchor, Button, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { showError } from "../../api/errors";
import { openFolder, useFolders } from "../../api/folders";
import type { Folder } from "../../bindings";
import { CopyButton } from "../../components/clipboard";
import { Panel } from "../../components/Panel";
import { PathText } from "../../components/PathText";
import { formatBytes } from "../../format/numbers";
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
  const { data: folders } = useFolders();
  if (!folders) return null;
  return (
    <Panel
      title="Folders"
      about={
        <>
          Which backups are kept is set on the{" "}
          <Anchor inherit underline="always" renderRoot={(props) => <Link to="/database" {...props} />}>
            Database
          </Anchor>{" "}
          page. The hub cache is set by HF_HUB_CACHE or HF_HOME.
        </>
      }
    >
      <ul className={css.folders}>
        {folders.map(({ what, path, bytes: size }) => (
          <li key={what}>
            <span className={css.name}>{names[what]}</span>
            <PathText path={path} />
            <span className={css.size}>{size === null ? "Not there yet" : formatBytes(size)}</span>
            <Group gap={4} wrap="nowrap">
              <CopyButton value={path} what={`path of ${names[what].toLowerCase()}`} />
              <Button
                variant="default"
                size="compact-sm"
                disabled={size === null}
                aria-label={`Open the folder of ${names[what].toLowerCase()}`}
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
