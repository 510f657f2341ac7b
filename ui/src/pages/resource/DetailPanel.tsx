import { ActionIcon, Button, CloseButton, Group, Skeleton, Stack, Text, Title, Tooltip } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconPencil, IconSitemap, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { toAppError } from "../../api/errors";
import { useRow } from "../../api/store";
import { idOf, tableOf } from "../../api/tables";
import type { Listed, TableName } from "../../bindings";
import { Fields } from "../../components/detail/Fields";
import { RawRow } from "../../components/detail/RawRow";
import { UsedBy, Uses } from "../../components/detail/Relations";
import { focusPage, isFocusLost } from "../../components/focus";
import { Refusal } from "../../components/Refusal";
import { Resizer } from "../../components/Resizer";
import { RowMenuButton } from "../../components/RowMenu";
import { TagEditor } from "../../components/tags/TagEditor";
import { useDialogs } from "../../components/useDialogs";
import { capitalize } from "../../format/texts";
import { extrasOf } from "../../resources/registry";
import css from "./DetailPanel.module.css";
import { useRowActions } from "./useRowActions";

const WIDTH = 420;

type Props = { table: TableName; id: string; onOpen: (id: string) => void; onClose: () => void };

/** The panel of one row beside its list. */
export function DetailPanel({ table, id, onOpen, onClose }: Props) {
  const row = useRow(table, id);
  const [width, setWidth] = useLocalStorage({ key: "detail-width", defaultValue: WIDTH });
  const { singular } = tableOf(table);
  // The focused button may be inside the panel.
  useEffect(() => () => queueMicrotask(() => isFocusLost() && focusPage()), []);
  return (
    <aside className={css.panel} style={{ width }} aria-label={row.data?.label ?? capitalize(singular)}>
      <Resizer
        label="Width of the panel"
        edge="left"
        size={width}
        min={320}
        max={1100}
        onResize={setWidth}
        onReset={() => setWidth(WIDTH)}
      />
      <header className={css.header}>
        <div className={css.title}>
          <Text size="xs" c="dimmed">
            {capitalize(singular)}
          </Text>
          <Title order={2}>{row.data ? row.data.label : row.error ? "Not here" : "…"}</Title>
        </div>
        <Group gap={4} wrap="nowrap">
          {row.data && <Actions table={table} listed={row.data} onOpen={onOpen} onDeleted={onClose} />}
          <Tooltip label="Close (Esc)">
            <CloseButton aria-label="Close" onClick={onClose} />
          </Tooltip>
        </Group>
      </header>
      <div className={css.body}>
        {row.data && <Content table={table} listed={row.data} />}
        {row.isPending && <Waiting />}
        {row.error && !row.data && (
          <Refusal error={toAppError(row.error)}>
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
          </Refusal>
        )}
      </div>
    </aside>
  );
}

type ActionsProps = {
  table: TableName;
  listed: Listed;
  onOpen: (id: string) => void;
  onDeleted: () => void;
};

function Actions({ table, listed, onOpen, onDeleted }: ActionsProps) {
  const dialogs = useDialogs();
  const actions = useRowActions(table, { onOpen, isOpen: true, onDeleted });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPencil size={15} stroke={1.6} />}
        onClick={() => dialogs.edit(table, listed)}
      >
        Edit
      </Button>
      <Tooltip label="Lineage: what it comes from, and what was made from it">
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Lineage"
          renderRoot={(props) => (
            <Link to="/lineage/$table/$id" params={{ table, id: idOf(listed) }} {...props} />
          )}
        >
          <IconSitemap size={15} stroke={1.6} style={{ transform: "rotate(-90deg)" }} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Delete (Del)">
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Delete"
          onClick={() => dialogs.remove({ table, ids: [idOf(listed)], onDeleted })}
        >
          <IconTrash size={15} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <RowMenuButton label="More actions" actions={actions(listed)} />
    </>
  );
}

function Content({ table, listed }: { table: TableName; listed: Listed }) {
  const description = tableOf(table);
  const Special = extrasOf(table).detail;
  const refers = description.columns.some(
    ({ name, kind }) => kind.is === "reference" && listed.row[name] != null,
  );
  return (
    <>
      {Special && (
        <Section>
          <Special listed={listed} />
        </Section>
      )}
      <Section>
        <Fields table={description} listed={listed} />
      </Section>
      <Section title="Tags">
        <TagEditor table={table} listed={listed} />
      </Section>
      {refers && (
        <Section title="Uses">
          <Uses table={description} listed={listed} />
        </Section>
      )}
      <Section title="Used by">
        <UsedBy table={table} id={idOf(listed)} />
      </Section>
      <Section title="Raw row">
        <RawRow row={listed.row} />
      </Section>
    </>
  );
}

function Section({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className={css.section}>
      {title && <Title order={3}>{title}</Title>}
      {children}
    </section>
  );
}

function Waiting() {
  return (
    <Stack gap={12} aria-busy>
      {[70, 45, 60, 50].map((width) => (
        <Skeleton key={width} height={10} width={`${width}%`} />
      ))}
    </Stack>
  );
}
