import { Alert, Button, Center, EmptyState, Loader, Text } from "@mantine/core";
import { IconCloudOff, IconCloudSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import { toAppError } from "../../api/errors";
import { type useHubSearch, useLocalRepositories } from "../../api/hubSearch";
import type { HubKind, HubResults, TrainingMemory } from "../../bindings";
import { Refusal } from "../../components/Refusal";
import { formatBytes } from "../../format/numbers";
import css from "./Hub.module.css";
import { ResultHead, ResultRow } from "./ResultRow";

type Props = {
  results: ReturnType<typeof useHubSearch>;
  kind: HubKind;
  openName: string | undefined;
  onOpen: (name: string) => void;
  onSearchAll: () => void;
};

export function Results({ results, kind, openName, onOpen, onSearchAll }: Props) {
  const { data, error, isFetching, isEnabled, refetch } = results;
  if (!isEnabled) return <NothingSearched kind={kind} onSearchAll={onSearchAll} />;
  if (error && !data) return <Refusal error={toAppError(error)} onRetry={() => void refetch()} />;
  const first = data?.pages[0];
  if (!data || !first) {
    return (
      <Center h={160}>
        <Loader size="sm" aria-label="Searching" />
      </Center>
    );
  }
  const found = data.pages.flatMap((page) => page.results);
  return (
    <>
      {first.answer && <FromCache answer={first.answer} busy={isFetching} onRetry={() => void refetch()} />}
      {found.length === 0 && !results.hasNextPage ? (
        <EmptyState
          my="auto"
          pb={96}
          icon={<IconCloudSearch stroke={1.2} />}
          title={`No ${kind}s found`}
          description={
            first.source === "hub"
              ? "Try a shorter part of the name, or fewer filters."
              : `This machine has no ${kind}s that match.`
          }
        />
      ) : (
        <List results={results} pages={data.pages} kind={kind} openName={openName} onOpen={onOpen} />
      )}
    </>
  );
}

function NothingSearched({ kind, onSearchAll }: Pick<Props, "kind" | "onSearchAll">) {
  return (
    <EmptyState
      my="auto"
      pb={96}
      icon={<IconCloudSearch stroke={1.2} />}
      title={`Search the Hub for ${kind}s`}
      description="Type a part of a name and press Enter. Nothing is sent before that."
    >
      <EmptyState.Actions>
        <Button variant="default" onClick={onSearchAll}>
          List all {kind}s
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}

type FromCacheProps = { answer: NonNullable<HubResults["answer"]>; busy: boolean; onRetry: () => void };

/** Why the results are those of the local cache. */
function FromCache({ answer, busy, onRetry }: FromCacheProps) {
  const inSettings = ["offline", "needs_token", "gated"].includes(answer.standing);
  return (
    <Alert
      color="yellow"
      variant="light"
      role="status"
      mb={12}
      flex="none"
      icon={<IconCloudOff size={18} stroke={1.6} />}
      title={answer.message}
    >
      {answer.hint}
      <div className={css.alertActions}>
        <Button variant="default" size="compact-sm" loading={busy} onClick={onRetry}>
          Try again
        </Button>
        {inSettings && (
          <Button
            variant="default"
            size="compact-sm"
            renderRoot={(props) => <Link to="/settings" {...props} />}
          >
            Open settings
          </Button>
        )}
      </div>
    </Alert>
  );
}

type ListProps = Pick<Props, "results" | "kind" | "openName" | "onOpen"> & { pages: HubResults[] };

function List({ results, pages, kind, openName, onOpen }: ListProps) {
  const found = pages.flatMap((page) => page.results);
  const { data: local } = useLocalRepositories(found.map(({ found: { kind, name } }) => ({ kind, name })));
  const list = useRef<HTMLUListElement>(null);
  const move = (event: React.KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-result]") ?? [])];
    const next = rows[rows.indexOf(event.target as HTMLElement) + step];
    if (step === 0 || !next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <div className={css.results}>
      <ResultHead kind={kind} />
      <ul ref={list} className={css.rows} aria-label={`Found ${kind}s`} onKeyDown={move}>
        {found.map((result, index) => {
          const name = `${result.found.kind} ${result.found.name}`;
          const here = local?.[index];
          return (
            <ResultRow
              key={name}
              result={here ? { ...result, ...here } : result}
              open={name === openName}
              onOpen={() => onOpen(name)}
            />
          );
        })}
      </ul>
      <div className={css.foot}>
        {results.error && <Refusal error={toAppError(results.error)} mb={8} />}
        {results.hasNextPage && (
          <Button
            variant="default"
            loading={results.isFetchingNextPage}
            onClick={() => void results.fetchNextPage()}
          >
            Show more
          </Button>
        )}
        {kind === "model" && <Memory memory={pages[0]?.memory ?? null} />}
      </div>
    </div>
  );
}

/** What "fits" means. */
function Memory({ memory }: { memory: TrainingMemory | null }) {
  if (!memory?.bytes) return null;
  const where = memory.on_cpu ? "memory of this machine" : `memory of ${memory.device}`;
  return (
    <Text size="xs" c="dimmed">
      What fits comes first on each page: an adapter of it can be trained in the {formatBytes(memory.bytes)}{" "}
      of {where}, by an estimate from its number of parameters.
    </Text>
  );
}
