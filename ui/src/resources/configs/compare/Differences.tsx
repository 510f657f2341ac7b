import { Switch, Table, Text } from "@mantine/core";
import { useState } from "react";
import type { Change, Comparison, SettingDifference } from "../../../bindings";
import css from "./Differences.module.css";

const changeLabels: Record<Change, string> = {
  added: "Added",
  removed: "Removed",
  changed: "Changed",
  equal: "Equal",
};

/** The settings that differ between two configs, and on request the equal ones. */
export function Differences({ comparison }: { comparison: Comparison }) {
  const [all, setAll] = useState(false);
  const { a, b, settings } = comparison;
  const different = settings.filter(({ change }) => change !== "equal");
  const equal = settings.length - different.length;
  const shown = all ? settings : different;
  return (
    <>
      <div className={css.head}>
        <Text size="sm" role="status">
          {different.length === 0
            ? "The two configs have the same settings."
            : differenceText(different.length)}
        </Text>
        {equal > 0 && (
          <Switch
            size="xs"
            label={equal === 1 ? "Show the equal one too" : `Show the ${equal} equal ones too`}
            checked={all}
            onChange={({ currentTarget }) => setAll(currentTarget.checked)}
          />
        )}
      </div>
      {shown.length > 0 && (
        <div className={css.scroll}>
          <Table className={css.table} stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Setting</Table.Th>
                <Table.Th>{a.label}</Table.Th>
                <Table.Th>{b.label}</Table.Th>
                <Table.Th>Difference</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((setting) => (
                <Line key={setting.path} setting={setting} />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </>
  );
}

const differenceText = (count: number) =>
  count === 1 ? "One setting differs." : `${count} settings differ.`;

function Line({ setting: { path, change, a, b } }: { setting: SettingDifference }) {
  return (
    <Table.Tr data-change={change}>
      <Table.Th scope="row" className={css.code}>
        {path || "(all of it)"}
      </Table.Th>
      <Side value={a} />
      <Side value={b} />
      <Table.Td className={css.change}>{changeLabels[change]}</Table.Td>
    </Table.Tr>
  );
}

function Side({ value }: { value: string | null }) {
  return (
    <Table.Td className={css.code}>
      {value ?? (
        <Text span inherit c="dimmed" ff="text">
          not there
        </Text>
      )}
    </Table.Td>
  );
}
