import { Modal } from "@mantine/core";
import { toAppError } from "../../api/errors";
import { tableOf } from "../../api/tables";
import { useHubCache } from "../../api/weights";
import type { TableName } from "../../bindings";
import { Refusal } from "../../components/Refusal";
import { useDialogs } from "../../components/useDialogs";
import { browse, useBrowsing } from "./browsing";
import css from "./Cache.module.css";
import { CachedList } from "./CachedList";

/** Mounted in the frame: a dialog that adds rows from the local cache of the Hub. */
export function CacheDialog() {
  const table = useBrowsing();
  const close = () => browse(null);
  return (
    <Modal
      opened={table !== null}
      onClose={close}
      title={table && `${tableOf(table).title} in the Hub cache`}
      size={760}
      classNames={{ content: css.content, body: css.body }}
    >
      {table && <Content table={table} />}
    </Modal>
  );
}

function Content({ table }: { table: TableName }) {
  const cache = useHubCache();
  const dialogs = useDialogs();
  if (cache.error) return <Refusal error={toAppError(cache.error)} onRetry={() => void cache.refetch()} />;
  if (!cache.data) return null;
  const kind = tableOf(table).singular;
  return (
    <CachedList
      table={table}
      cache={{ ...cache.data, repositories: cache.data.repositories.filter((one) => one.kind === kind) }}
      onOpen={() => browse(null)}
      onAdd={(name) => {
        browse(null);
        const column = table === "models" ? "huggingface_model_name" : "huggingface_name";
        dialogs.create(table, { type: "huggingface", [column]: name });
      }}
    />
  );
}
