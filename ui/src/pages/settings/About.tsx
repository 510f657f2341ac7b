import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { diagnostics } from "../../api/about";
import { showError } from "../../api/errors";
import { useWorkspace } from "../../api/store";
import { VERSION } from "../../bindings";
import { copyWithNotice } from "../../components/clipboard";
import { Facts } from "../../components/Facts";
import { Panel } from "../../components/Panel";
import { LicensesDialog } from "./LicensesDialog";

async function copyDiagnostics() {
  try {
    await copyWithNotice(await diagnostics(), "Diagnostics");
  } catch (thrown) {
    showError(thrown);
  }
}

export function About() {
  const { data: workspace } = useWorkspace();
  const [showsLicenses, showLicenses] = useState(false);
  return (
    <Panel title="About Fine Tuning Studio">
      <Facts
        facts={[
          { name: "Version", value: VERSION },
          { name: "Database", value: workspace?.path ?? "No workspace is open" },
          { name: "License", value: "Apache-2.0" },
        ]}
      />
      <Group mt={12} gap={8}>
        <Button
          variant="default"
          title="Versions and the end of the log, without tokens and passwords, to paste into a report"
          onClick={() => void copyDiagnostics()}
        >
          Copy diagnostics
        </Button>
        <Button variant="default" onClick={() => showLicenses(true)}>
          Licenses of what it contains
        </Button>
      </Group>
      {showsLicenses && <LicensesDialog onClose={() => showLicenses(false)} />}
    </Panel>
  );
}
