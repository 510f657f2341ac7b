import { Button, Menu, Text } from "@mantine/core";
import { IconArrowsExchange } from "@tabler/icons-react";
import { useState } from "react";
import type { FileSource } from "../../../api/datasetFiles";
import type { Conversion, Diagnosis } from "../../../bindings";
import type { Goal } from "../preview/RowsView";
import { ConvertDialog } from "./ConvertDialog";
import { conversionLabel } from "./shapeLabels";

type Props = {
  source: FileSource;
  diagnosis: Diagnosis;
  onShow: (goal: Goal) => void;
  /** Imports a converted file. */
  onImport: (path: string) => void;
};

/** A menu of the conversions of a dataset. */
export function Conversions({ source, diagnosis, onShow, onImport }: Props) {
  const [chosen, setChosen] = useState<Conversion | null>(null);
  return (
    <>
      <Menu position="bottom-end" width={380}>
        <Menu.Target>
          <Button
            variant="default"
            style={{ flex: "none" }}
            leftSection={<IconArrowsExchange size={15} stroke={1.6} />}
          >
            Convert…
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>To a new file; this one is not changed</Menu.Label>
          {diagnosis.conversions.map((conversion) => (
            <Menu.Item key={conversion.to} onClick={() => setChosen(conversion)}>
              <Text size="sm" fw={500}>
                {conversionLabel(conversion.to, diagnosis.shape)}
              </Text>
              <Text size="xs" c="dimmed">
                {conversion.says}
              </Text>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {chosen && (
        <ConvertDialog
          source={source}
          path={diagnosis.path}
          from={diagnosis.shape}
          conversion={chosen}
          onClose={() => setChosen(null)}
          onShow={onShow}
          onImport={onImport}
        />
      )}
    </>
  );
}
