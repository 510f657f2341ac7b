import { SegmentedControl } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { useHubSearch } from "../../api/hubSearch";
import { Page } from "../../components/Page";
import { useShortcuts } from "../../components/useShortcuts";
import { Filters } from "./Filters";
import css from "./Hub.module.css";
import { OnThisMachine } from "./OnThisMachine";
import { ResultPanel } from "./ResultPanel";
import { Results } from "./Results";
import { SearchField } from "./SearchField";
import { type HubAddress, searchOf } from "./search";

/** Searches the Hub, and lists its local cache. */
export function HubPage() {
  const address = useSearch({ from: "/hub" });
  const navigate = useNavigate();
  const change = (next: Partial<HubAddress>) =>
    void navigate({ to: "/hub", search: { ...address, ...next }, replace: "open" in next });
  const searchRef = useRef<HTMLInputElement>(null);
  const results = useHubSearch(searchOf(address));
  const all = results.data?.pages.flatMap((page) => page.results) ?? [];
  const opened = all.find(({ found }) => `${found.kind} ${found.name}` === address.open);
  const onMachine = address.view === "machine";
  const close = () => change({ open: undefined });
  useShortcuts({ "/": () => searchRef.current?.focus(), escape: close });

  return (
    <div className={css.split}>
      <div className={css.list}>
        <Page
          title="Hub"
          about={
            onMachine
              ? "The local cache of the Hugging Face Hub, which other programs share."
              : "Nothing is asked of the Hub before you search."
          }
          scrolls={false}
          actions={
            <SegmentedControl
              size="xs"
              aria-label="Where to look"
              value={onMachine ? "machine" : "hub"}
              onChange={(view) =>
                change({ view: view === "machine" ? "machine" : undefined, open: undefined })
              }
              data={[
                { value: "hub", label: "On the Hub" },
                { value: "machine", label: "On this machine" },
              ]}
            />
          }
        >
          {onMachine ? (
            <OnThisMachine searchRef={searchRef} />
          ) : (
            <>
              <SearchField
                inputRef={searchRef}
                submitted={address.q}
                kind={address.kind ?? "model"}
                searching={results.isFetching}
                onSubmit={(q) => change({ q, open: undefined })}
                onKind={(kind) =>
                  change({ kind: kind === "dataset" ? kind : undefined, format: undefined, open: undefined })
                }
              />
              <Filters address={address} onChange={(next) => change({ ...next, open: undefined })} />
              <Results
                results={results}
                kind={address.kind ?? "model"}
                openName={address.open}
                onOpen={(open) => change({ open })}
                onSearchAll={() => change({ q: "" })}
              />
            </>
          )}
        </Page>
      </div>
      {opened && !onMachine && (
        <ResultPanel
          key={address.open}
          result={opened}
          source={results.data?.pages[0]?.source ?? "hub"}
          onClose={close}
        />
      )}
    </div>
  );
}
