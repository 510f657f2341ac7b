import { Button, Center, EmptyState, Group, Loader, Select, Text, TextInput } from "@mantine/core";
import { IconPackage, IconSearch } from "@tabler/icons-react";
import { type RefObject, useState } from "react";
import { toAppError } from "../../api/errors";
import { useHubCache } from "../../api/weights";
import type { Cached, CachedKind } from "../../bindings";
import { CopyButton } from "../../components/clipboard";
import { PathText } from "../../components/PathText";
import { Refusal } from "../../components/Refusal";
import { formatBytes } from "../../format/numbers";
import { plural } from "../../format/texts";
import { CachedRow } from "./CachedRow";
import css from "./Hub.module.css";
import { RemoveDialog } from "./RemoveDialog";

/** Repositories shown at first, and with each "Show more". */
const PAGE = 100;

const kinds: { value: CachedKind; label: string }[] = [
  { value: "model", label: "Models" },
  { value: "adapter", label: "Adapters" },
  { value: "dataset", label: "Datasets" },
];

type Props = { searchRef: RefObject<HTMLInputElement | null> };

/** The repositories of the local cache: their sizes, what is incomplete, what uses them, and Remove. */
export function OnThisMachine({ searchRef }: Props) {
  const { data: cache, error, refetch } = useHubCache();
  const [words, setWords] = useState("");
  const [kind, setKind] = useState<CachedKind | null>(null);
  const [order, setOrder] = useState("used");
  const [shown, setShown] = useState(PAGE);
  const [removing, setRemoving] = useState<Cached | null>(null);
  if (error && !cache) return <Refusal error={toAppError(error)} onRetry={() => void refetch()} />;
  if (!cache) {
    return (
      <Center h={160}>
        <Loader size="sm" aria-label="Reading the cache" />
      </Center>
    );
  }
  if (cache.repositories.length === 0) {
    return (
      <EmptyState
        my="auto"
        pb={96}
        icon={<IconPackage stroke={1.2} />}
        title="Nothing is on this machine yet"
        description="What you fetch from the Hub is listed here, with its size and what uses it."
      />
    );
  }
  const matching = cache.repositories.filter(
    (one) => (!kind || one.kind === kind) && one.name.toLowerCase().includes(words.trim().toLowerCase()),
  );
  if (order === "size") matching.sort((a, b) => b.bytes - a.bytes);
  const bytes = matching.reduce((sum, one) => sum + one.bytes, 0);
  return (
    <>
      <Group gap={8} pb={12}>
        <TextInput
          ref={searchRef}
          flex="1 1 200px"
          maw={360}
          aria-label="Search this machine"
          placeholder="A part of the name"
          leftSection={<IconSearch size={15} stroke={1.8} aria-hidden />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <Select
          aria-label="Kind"
          placeholder="Any kind"
          w={140}
          clearable
          data={kinds}
          value={kind}
          onChange={(value) => setKind(value as CachedKind | null)}
        />
        <Select
          aria-label="Order"
          w={150}
          allowDeselect={false}
          data={[
            { value: "used", label: "Last used" },
            { value: "size", label: "Largest" },
          ]}
          value={order}
          onChange={(value) => setOrder(value ?? "used")}
        />
        <Text size="sm" c="dimmed" className="tabular" ml="auto">
          {plural(matching.length, "repository", "repositories")}, {formatBytes(bytes)}
        </Text>
      </Group>
      <div className={css.results}>
        {matching.length === 0 && (
          <Text size="sm" c="dimmed">
            No repository on this machine matches.
          </Text>
        )}
        <ul className={css.rows} aria-label="Repositories on this machine">
          {matching.slice(0, shown).map((repository) => (
            <CachedRow
              key={repository.folder}
              repository={repository}
              row={cache.registered[repository.folder] ?? null}
              onRemove={() => setRemoving(repository)}
            />
          ))}
        </ul>
        <div className={css.foot}>
          {matching.length > shown && (
            <Button variant="default" onClick={() => setShown(shown + PAGE)}>
              Show {Math.min(PAGE, matching.length - shown)} more
            </Button>
          )}
          <Group gap={4} wrap="nowrap" c="dimmed" fz="xs" miw={0}>
            <PathText path={cache.folder} />
            <CopyButton value={cache.folder} what="folder" />
          </Group>
        </div>
      </div>
      {removing && <RemoveDialog repository={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}
