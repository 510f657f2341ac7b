import { Button, EmptyState } from "@mantine/core";
import { IconPlus, IconSearchOff } from "@tabler/icons-react";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useRef, useState } from "react";
import { showError, toAppError } from "../../api/errors";
import { getRow } from "../../api/store";
import { idOf, isTableName, tableOf } from "../../api/tables";
import type { Listed, Sort, Table, TableName, View } from "../../bindings";
import { copyWithNotice } from "../../components/clipboard";
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
import { counted } from "../../format/texts";
import { icons } from "../../resources/icons";
import { type Action, extrasOf } from "../../resources/registry";
import { DetailPanel } from "./DetailPanel";
import css from "./ResourcePage.module.css";
import { rowsAsJson, useRowActions } from "./useRowActions";

export function ResourceRoute() {
  const { table } = useParams({ from: "/$table" });
  // Nothing of one table (scroll, selection, typed words) may leak into another.
  return isTableName(table) ? <ResourcePage key={table} name={table} /> : <NotFound />;
}

function ResourcePage({ name }: { name: TableName }) {
  const table = tableOf(name);
  const { id, q = "", sort: sorted, desc, filters = {} } = useSearch({ from: "/$table" });
  const navigate = useNavigate({ from: "/$table" });
  const dialogs = useDialogs();
  const searchRef = useRef<HTMLInputElement>(null);
  const [sight, setSight] = useState({ first: 0, last: 0 });
  const onSight = useCallback((first: number, last: number) => setSight({ first, last }), []);

  const sort: Sort | null = sorted ? { column: sorted, descending: desc === true } : null;
  const query = {
    search: q.trim() || null,
    sort,
    filters: Object.entries(filters).map(([column, value]) => ({ column, value })),
  };
  const rows = useRowWindow(name, query, sight.first, sight.last);
  const selection = useSelection(name, query, rows.total);
  const narrowed = query.search !== null || query.filters.length > 0;

  const open = (id: string | undefined) => navigate({ search: (old) => ({ ...old, id }), replace: true });
  const onSort = (column: string) =>
    navigate({
      search: (old) => ({ ...old, ...nextSort(sort, column) }),
      replace: true,
    });
  const onFilter = (column: string, value: string | null) =>
    navigate({
      search: (old) => {
        const { [column]: _, ...others } = old.filters ?? {};
        return { ...old, filters: value === null ? others : { ...others, [column]: value } };
      },
      replace: true,
    });

  const { primaryAction, above: Above, columns, forSelection: ForSelection } = extrasOf(name);
  const go = useNavigate();
  const create = () => (primaryAction ? primaryAction.run(go) : dialogs.create(name));
  const remove = () => {
    if (selection.size > 0) {
      const ids = [...selection.ids];
      dialogs.remove({
        table: name,
        ids,
        onDeleted: () => {
          selection.clear();
          if (id && ids.includes(id)) open(undefined);
        },
      });
    } else if (id) dialogs.remove({ table: name, ids: [id], onDeleted: () => open(undefined) });
  };

  const chosen = selection.size > 0 ? [...selection.ids] : id ? [id] : [];
  const tag = () => chosen.length > 0 && dialogs.tag(name, chosen);
  const copy = async () => {
    if (chosen.length === 0) return;
    const read = await Promise.all(chosen.map((id) => getRow(name, id)));
    await copyWithNotice(rowsAsJson(read), counted(read.length, table));
  };
  const apply = ({ search, sort, filters }: View) =>
    navigate({
      search: {
        id,
        q: search ?? undefined,
        sort: sort?.column,
        desc: sort?.descending || undefined,
        filters: Object.fromEntries(filters.map(({ column, value }) => [column, value])),
      },
      replace: true,
    });
  const [menu, setMenu] = useState<{ listed: Listed; at: Place } | null>(null);
  const actions = useRowActions(name, {
    onOpen: open,
    isOpen: false,
    onDeleted: () => menu && id === idOf(menu.listed) && open(undefined),
  });
  const openRow = async (label: string) => {
    if (!id) return;
    const listed = await getRow(name, id);
    actions(listed)
      .find((action) => action.label === label)
      ?.run();
  };

  useShortcuts({
    "ctrl+n": create,
    "ctrl+c": () => void copy().catch(showError),
    "ctrl+d": () => void openRow("Duplicate").catch(showError),
    e: () => void openRow("Edit…").catch(showError),
    t: tag,
    "/": () => searchRef.current?.focus(),
    delete: remove,
    escape: () => (id ? open(undefined) : selection.clear()),
  });

  const empty = rows.known && rows.total === 0;
  const nothingYet = empty && !narrowed;
  return (
    <div className={css.split}>
      <div className={css.list}>
        <Page
          title={table.title}
          about={nothingYet ? undefined : table.about}
          actions={rows.known && !nothingYet && <Actions table={table} />}
          scrolls={false}
        >
          {Above && <Above />}
          {!nothingYet && (
            <Toolbar
              table={table}
              search={q}
              onSearch={(words) =>
                navigate({ search: (old) => ({ ...old, q: words || undefined }), replace: true })
              }
              searchRef={searchRef}
              filters={filters}
              onFilter={onFilter}
              total={rows.total}
              searching={rows.searching}
              selected={selection.size}
              view={query}
              onApply={apply}
              onTag={tag}
              onCopy={() => void copy()}
              onExport={() => dialogs.exportRows(name, chosen)}
              onDelete={remove}
              onClearSelection={selection.clear}
            >
              {ForSelection && <ForSelection ids={[...selection.ids]} />}
            </Toolbar>
          )}
          {rows.error && !rows.known && (
            <Refusal error={toAppError(rows.error)} onRetry={() => void rows.retry()} />
          )}
          {empty && narrowed && (
            <NothingFound
              table={table}
              search={q}
              onClear={() => navigate({ search: { id }, replace: true })}
            />
          )}
          {nothingYet && <NothingYet table={table} />}
          {rows.known && !empty && (
            <RowTable
              table={table}
              extraColumns={columns}
              total={rows.total}
              at={rows.at}
              onSight={onSight}
              sort={sort}
              onSort={onSort}
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

/** First click up, second down, third back to the order of the studio. */
function nextSort(sort: Sort | null, column: string): { sort?: string; desc?: boolean } {
  if (sort?.column !== column) return { sort: column, desc: undefined };
  return sort.descending ? { sort: undefined, desc: undefined } : { sort: column, desc: true };
}

function Actions({ table }: { table: Table }) {
  const dialogs = useDialogs();
  const go = useNavigate();
  const { primaryAction, formLabel, moreActions = [] } = extrasOf(table.name);
  const form: Action = {
    label: primaryAction && formLabel ? formLabel : `New ${table.singular}`,
    icon: IconPlus,
    run: () => dialogs.create(table.name),
  };
  const main = primaryAction ?? form;
  return (
    <>
      {[...moreActions, ...(primaryAction ? [form] : [])].map(({ label, run }) => (
        <Button key={label} variant="default" onClick={() => run(go)}>
          {label}
        </Button>
      ))}
      <Button leftSection={<main.icon size={16} stroke={1.8} />} onClick={() => main.run(go)}>
        {main.label}
      </Button>
    </>
  );
}

function NothingYet({ table }: { table: Table }) {
  const Icon = icons[table.name];
  return (
    <EmptyState
      my="auto"
      pb={96}
      icon={<Icon stroke={1.2} />}
      title={`No ${table.plural} yet`}
      description={table.about}
    >
      <EmptyState.Actions>
        <Actions table={table} />
      </EmptyState.Actions>
    </EmptyState>
  );
}

function NothingFound({ table, search, onClear }: { table: Table; search: string; onClear: () => void }) {
  return (
    <EmptyState
      my="auto"
      pb={96}
      icon={<IconSearchOff stroke={1.2} />}
      title={search ? `No ${table.plural} match “${search}”` : `No ${table.plural} match this filter`}
    >
      <EmptyState.Actions>
        <Button variant="default" onClick={onClear}>
          Show all {table.plural}
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
