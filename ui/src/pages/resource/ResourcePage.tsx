import { useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, useRef, useState } from "react";
import { showError, toAppError } from "../../api/errors";
import { getRow } from "../../api/store";
import { idOf, isTableName, tableOf } from "../../api/tables";
import type { Listed, TableName } from "../../bindings";
import { NotFound } from "../../components/NotFound";
import { Page } from "../../components/Page";
import { Refusal } from "../../components/Refusal";
import { type Place, RowMenuAt } from "../../components/RowMenu";
import { RowTable } from "../../components/rows/RowTable";
import { Toolbar } from "../../components/rows/Toolbar";
import { useRowWindow } from "../../components/rows/useRowWindow";
import { useSelection } from "../../components/rows/useSelection";
import { useDialogs } from "../../components/useDialogs";
import { useShortcuts } from "../../components/useShortcuts";
import { extrasOf } from "../../resources/registry";
import { DetailPanel } from "./DetailPanel";
import { NoMatches, NoRowsYet } from "./EmptyLists";
import { NewRowButtons } from "./NewRowButtons";
import css from "./ResourcePage.module.css";
import { useChosenRows } from "./useChosenRows";
import { useListAddress } from "./useListAddress";
import { useRowActions } from "./useRowActions";

export function ResourceRoute() {
  const { table } = useParams({ from: "/$table" });
  // The key drops all state of another table: scroll position, selection, typed search.
  return isTableName(table) ? <ResourcePage key={table} name={table} /> : <NotFound />;
}

/** The list of a table, with one row in the panel beside it. */
function ResourcePage({ name }: { name: TableName }) {
  const table = tableOf(name);
  const { primaryAction, above: Above, columns, forSelection: ForSelection } = extrasOf(name);
  const address = useListAddress();
  const { id, query, open } = address;
  const go = useNavigate();
  const dialogs = useDialogs();
  const searchRef = useRef<HTMLInputElement>(null);
  const [sight, setSight] = useState({ first: 0, last: 0 });
  const onSight = useCallback((first: number, last: number) => setSight({ first, last }), []);
  const rows = useRowWindow(name, query, sight.first, sight.last);
  const selection = useSelection(name, query, rows.total);
  const chosen = useChosenRows(name, address, selection);
  const [menu, setMenu] = useState<{ listed: Listed; at: Place } | null>(null);
  const actions = useRowActions(name, {
    onOpen: open,
    isOpen: false,
    onDeleted: () => menu && id === idOf(menu.listed) && open(undefined),
  });
  const runOnOpenRow = async (label: string) => {
    if (!id) return;
    const listed = await getRow(name, id);
    actions(listed)
      .find((action) => action.label === label)
      ?.run();
  };

  useShortcuts({
    "ctrl+n": () => (primaryAction ? primaryAction.run(go) : dialogs.create(name)),
    "ctrl+c": () => void chosen.copy().catch(showError),
    "ctrl+d": () => void runOnOpenRow("Duplicate").catch(showError),
    e: () => void runOnOpenRow("Edit…").catch(showError),
    t: chosen.tag,
    "/": () => searchRef.current?.focus(),
    delete: chosen.remove,
    escape: () => (id ? open(undefined) : selection.clear()),
  });

  const empty = rows.known && rows.total === 0;
  const noRowsYet = empty && !address.narrowed;
  return (
    <div className={css.split}>
      <div className={css.list}>
        <Page
          title={table.title}
          about={noRowsYet ? undefined : table.about}
          actions={rows.known && !noRowsYet && <NewRowButtons table={table} />}
          scrolls={false}
        >
          {Above && <Above />}
          {!noRowsYet && (
            <Toolbar
              table={table}
              search={address.search}
              onSearch={address.setSearch}
              searchRef={searchRef}
              filters={address.filters}
              onFilter={address.setFilter}
              total={rows.total}
              searching={rows.searching}
              selected={selection.size}
              view={query}
              onApply={address.applyView}
              onTag={chosen.tag}
              onCopy={() => void chosen.copy().catch(showError)}
              onExport={chosen.exportRows}
              onDelete={chosen.remove}
              onClearSelection={selection.clear}
            >
              {ForSelection && <ForSelection ids={[...selection.ids]} />}
            </Toolbar>
          )}
          {rows.error && !rows.known && (
            <Refusal error={toAppError(rows.error)} onRetry={() => void rows.retry()} />
          )}
          {empty && address.narrowed && (
            <NoMatches table={table} search={address.search} onClear={address.showAll} />
          )}
          {noRowsYet && <NoRowsYet table={table} />}
          {rows.known && !empty && (
            <RowTable
              table={table}
              extraColumns={columns}
              total={rows.total}
              at={rows.at}
              onSight={onSight}
              sort={query.sort}
              onSort={address.sortBy}
              openId={id}
              onOpen={open}
              selected={selection.ids}
              onToggle={selection.toggle}
              onSelect={selection.add}
              onSelectAll={selection.toggleAll}
              onMenu={(listed, at) => setMenu({ listed, at })}
              resetKey={JSON.stringify(query)}
            />
          )}
        </Page>
      </div>
      {menu && <RowMenuAt at={menu.at} actions={actions(menu.listed)} onClose={() => setMenu(null)} />}
      {id && <DetailPanel key={id} table={name} id={id} onOpen={open} onClose={() => open(undefined)} />}
    </div>
  );
}
