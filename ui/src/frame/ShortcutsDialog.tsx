import { Group, Kbd, Modal, Table } from "@mantine/core";
import { Fragment } from "react";

const shortcuts: { keys: string[]; does: string }[] = [
  { keys: ["Ctrl", "K"], does: "Go to a page, a row or an action" },
  { keys: ["Ctrl", "N"], does: "New row, or import on the Datasets page" },
  { keys: ["/"], does: "Search the list" },
  { keys: ["↑", "↓"], does: "Move up and down the list" },
  { keys: ["Enter"], does: "Open the row" },
  { keys: ["Space"], does: "Select the row; Shift and click selects several" },
  { keys: ["T"], does: "Tag the selected rows, or the open one" },
  { keys: ["E"], does: "Edit the open row" },
  { keys: ["Ctrl", "D"], does: "Duplicate the open row" },
  { keys: ["Ctrl", "C"], does: "Copy the selected rows, or the open one, as JSON" },
  { keys: ["Shift", "F10"], does: "Open the menu of the row" },
  { keys: ["Delete"], does: "Delete the selected rows, or the open one" },
  { keys: ["Ctrl", "Z"], does: "Undo the last delete" },
  { keys: ["Ctrl", "G"], does: "Go to a row of the dataset on screen" },
  { keys: ["Ctrl", "C"], does: "Copy the selected value of a dataset" },
  { keys: ["Esc"], does: "Close the panel or dialog" },
  { keys: ["Ctrl", "Enter"], does: "Save the form" },
  { keys: ["?"], does: "Show this list" },
];

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts">
      <Table withRowBorders={false} verticalSpacing={6} aria-label="Keyboard shortcuts">
        <Table.Tbody>
          {shortcuts.map(({ keys, does }) => (
            <Table.Tr key={does}>
              <Table.Td w={140}>
                <Group gap={4} wrap="nowrap">
                  {keys.map((key, at) => (
                    <Fragment key={key}>
                      {at > 0 && !["↑", "↓"].includes(key) && "+"}
                      <Kbd>{key}</Kbd>
                    </Fragment>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
