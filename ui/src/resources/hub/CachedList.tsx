import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { tableOf } from "../../api/tables";
import type { Cached, HubCache, TableName } from "../../bindings";
import { CopyButton } from "../../components/clipboard";
import { PathText } from "../../components/PathText";
import { RowLink } from "../../components/RowLink";
import { Time } from "../../components/Time";
import { Warnings } from "../../components/weights/Warnings";
import { formatBytes } from "../../format/numbers";
import css from "./Cache.module.css";

type Props = {
  table: TableName;
  /** The cache with the repositories that belong into the table. */
  cache: HubCache;
  onAdd: (name: string) => void;
  /** Called when a link to an existing row is followed. */
  onOpen: () => void;
};

/** The repositories of the cache, the last used first. */
export function CachedList({ table, cache, onAdd, onOpen }: Props) {
  const [words, setWords] = useState("");
  const { plural } = tableOf(table);
  const found = cache.repositories.filter(({ name }) => name.toLowerCase().includes(words.toLowerCase()));
  return (
    <>
      {cache.repositories.length > 0 && (
        <TextInput
          aria-label={`Search the ${plural} in the cache`}
          placeholder="Search by name"
          leftSection={<IconSearch size={15} stroke={1.8} aria-hidden />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          autoFocus
        />
      )}
      {found.length === 0 && (
        <Text size="sm" c="dimmed">
          {words ? `No ${plural} match “${words}”.` : `No ${plural} are in the cache yet.`}
        </Text>
      )}
      <ul className={css.list} aria-label={`${tableOf(table).title} in the Hub cache`}>
        {found.map((repository) => (
          <Repository
            key={repository.folder}
            repository={repository}
            action={
              cache.registered[repository.folder] ? (
                <Text size="sm" onClickCapture={onOpen}>
                  <RowLink table={table} id={cache.registered[repository.folder] ?? ""} inherit>
                    Already here
                  </RowLink>
                </Text>
              ) : (
                <Button
                  variant="default"
                  aria-label={`Add ${repository.name}`}
                  onClick={() => onAdd(repository.name)}
                >
                  Add
                </Button>
              )
            }
          />
        ))}
      </ul>
      <Group gap={4} wrap="nowrap" className={css.folder}>
        <PathText path={cache.folder} />
        <CopyButton value={cache.folder} what="folder" />
      </Group>
    </>
  );
}

function Repository({ repository, action }: { repository: Cached; action: React.ReactNode }) {
  return (
    <li>
      <div className={css.name}>
        <Text size="sm" fw={500} className="selectable">
          {repository.name}
        </Text>
        <Group gap={12} c="dimmed" fz="xs" className="tabular">
          <span>{formatBytes(repository.bytes)}</span>
          {repository.revision && (
            <span title={repository.revision}>Revision {repository.revision.slice(0, 8)}</span>
          )}
          {repository.last_used && (
            <Group gap={4}>
              Used <Time value={repository.last_used} />
            </Group>
          )}
        </Group>
        <Warnings messages={repository.problem ? [repository.problem] : []} />
      </div>
      {action}
    </li>
  );
}
