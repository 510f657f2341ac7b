import { List, Table, Text } from "@mantine/core";
import type { PlannedPublication } from "../../../bindings";
import { formatBytes } from "../../../format/numbers";

type Props = {
  publication: PlannedPublication | null;
  /** Whether the files are those of the base model, as the merged one is not there yet. */
  merged: boolean;
};

/** What is sent, what is not, and what was found that must not be. */
export function PublishedFiles({ publication, merged }: Props) {
  if (!publication) return null;
  const { files, findings, left_out } = publication;
  // They could not be looked at: the summary says why.
  if (files.length + findings.length === 0) return null;
  return (
    <section aria-label="Files that are sent" data-field="files" tabIndex={-1}>
      {findings.length > 0 && (
        <>
          <Text size="sm" fw={500} c="var(--mantine-color-error)" mt={14}>
            Nothing is sent while this is in the files:
          </Text>
          <List size="sm" spacing={4} aria-label="Findings">
            {findings.map(({ path, place, text }) => (
              <List.Item key={`${path} ${place} ${text}`}>{text}</List.Item>
            ))}
          </List>
        </>
      )}
      <Text size="sm" fw={500} mt={14} mb={4}>
        {merged ? "Files, by those of the base model" : "Files that are sent"}
      </Text>
      <Table verticalSpacing={2} fz="sm" layout="fixed">
        <Table.Tbody>
          {files.map(({ path, bytes, rewritten }) => (
            <Table.Tr key={path}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                {path}
                {rewritten && (
                  <Text size="xs" c="dimmed">
                    {rewritten}
                  </Text>
                )}
              </Table.Td>
              <Table.Td w={96} ta="right">
                {formatBytes(bytes)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {left_out.length > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          Not sent: {left_out.join(", ")}
        </Text>
      )}
    </section>
  );
}
