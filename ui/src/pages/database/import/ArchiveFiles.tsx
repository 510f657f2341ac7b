import { Button, Group, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { chooseArchiveFolder } from "../../../api/archives";
import { toAppError } from "../../../api/errors";
import { tableOf } from "../../../api/tables";
import type { AppError, ArchiveImportPlan, IncomingFolder, Placement } from "../../../bindings";
import { LeftOutList } from "../../../components/archive/LeftOutList";
import { PathText } from "../../../components/PathText";
import { Refusal } from "../../../components/Refusal";
import { formatBytes, formatNumber } from "../../../format/numbers";
import { capitalize } from "../../../format/texts";
import { pickFolder } from "../../../platform";
import css from "./Import.module.css";

const placements: Record<Placement, string> = {
  new: "Written",
  if_replaced: "Written if its row is replaced",
  same: "Here already",
  unused: "Not needed",
};

type Props = {
  plan: ArchiveImportPlan;
  onMoved: (plan: ArchiveImportPlan) => void;
  disabled: boolean;
};

/** The files of an archive: where they go, and what happens to each folder. */
export function ArchiveFiles({ plan, onMoved, disabled }: Props) {
  const [refused, setRefused] = useState<AppError | null>(null);
  const choose = async () => {
    const to = await pickFolder();
    if (!to) return;
    try {
      onMoved(await chooseArchiveFolder(to));
      setRefused(null);
    } catch (thrown) {
      setRefused(toAppError(thrown));
    }
  };
  if (plan.folders.length === 0) return <LeftOutList leftOut={plan.left_out} />;
  return (
    <section aria-label="Files" className={css.parts}>
      <div>
        <Title order={3} mb={8}>
          Files
        </Title>
        <Group gap={12} wrap="nowrap">
          <Text size="sm" component="div" className={css.to}>
            <PathText path={plan.to} />
          </Text>
          <Button variant="default" size="compact-sm" onClick={choose} disabled={disabled}>
            Choose another folder…
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          Files are written there, in a new folder for each row.
          {plan.free !== null && ` ${formatBytes(plan.free)} are free.`}
        </Text>
        {refused && <Refusal error={refused} mt={8} />}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <div className={css.problems} tabIndex={0} role="group" aria-label="Files: list">
        <Table verticalSpacing={4} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Of</Table.Th>
              <Table.Th className={css.number}>Files</Table.Th>
              <Table.Th className={css.number}>Size</Table.Th>
              <Table.Th>On import</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {plan.folders.map((folder) => (
              <Table.Tr key={folder.name}>
                <Table.Td>{users(folder)}</Table.Td>
                <Table.Td className={css.number}>{formatNumber(folder.files)}</Table.Td>
                <Table.Td className={css.number}>{formatBytes(folder.bytes)}</Table.Td>
                <Table.Td>{placements[folder.placement]}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <LeftOutList leftOut={plan.left_out} />
    </section>
  );
}

/** "Dataset “Tickets”": the rows that refer to a folder. */
function users({ references }: IncomingFolder): string {
  const names = references.map(({ table, label }) => `${capitalize(tableOf(table).singular)} “${label}”`);
  return [...new Set(names)].join(", ");
}
