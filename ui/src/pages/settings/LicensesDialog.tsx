import { Modal, ScrollArea, Text } from "@mantine/core";
import { useThirdPartyNotices } from "../../api/about";
import { toAppError } from "../../api/errors";
import { Refusal } from "../../components/Refusal";
import css from "./About.module.css";

/** The licenses and notices of everything that the program contains. */
export function LicensesDialog({ onClose }: { onClose: () => void }) {
  const { data: notices, error } = useThirdPartyNotices();
  return (
    <Modal opened onClose={onClose} title="Licenses of what it contains" size={860}>
      {error && <Refusal error={toAppError(error)} />}
      {notices === null && (
        <Text size="sm">
          This program was built for development, without the licenses. The command “cargo xtask package
          --notices FILE” writes them to a file.
        </Text>
      )}
      {notices && (
        <ScrollArea.Autosize
          mah="70vh"
          viewportProps={{ tabIndex: 0, role: "document", "aria-label": "Licenses" }}
        >
          <pre className={`selectable ${css.notices}`}>{notices}</pre>
        </ScrollArea.Autosize>
      )}
    </Modal>
  );
}
