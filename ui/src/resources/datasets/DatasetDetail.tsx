import { Button, Group, Modal, Text, Title } from "@mantine/core";
import { IconArrowsMaximize } from "@tabler/icons-react";
import { useState } from "react";
import type { Listed } from "../../bindings";
import { FileRows } from "./preview/FileRows";
import css from "./TallDialog.module.css";

/** What a dataset holds: its rows beside the list, and over the whole window for those who want to read. */
export function DatasetDetail({ listed }: { listed: Listed }) {
  const { id, type } = listed.row;
  return (
    <section aria-label="Rows">
      {type === "huggingface" ? (
        <>
          <Title order={3}>Rows</Title>
          <Text size="sm" c="dimmed">
            The rows of this dataset are on the Hugging Face Hub and are not read here.
          </Text>
        </>
      ) : (
        <Rows key={String(id)} id={String(id)} label={listed.label} />
      )}
    </section>
  );
}

function Rows({ id, label }: { id: string; label: string }) {
  const [offset, setOffset] = useState(0);
  const [large, setLarge] = useState(false);
  return (
    <>
      <Group justify="space-between" mb={4}>
        <Title order={3}>Rows</Title>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconArrowsMaximize size={14} />}
          onClick={() => setLarge(true)}
        >
          Enlarge
        </Button>
      </Group>
      <FileRows datasetId={id} offset={offset} onOffset={setOffset} height={360} />
      <Modal
        opened={large}
        onClose={() => setLarge(false)}
        title={`Rows of ${label}`}
        size="95vw"
        centered
        closeButtonProps={{ "aria-label": "Close" }}
        classNames={{ content: css.content, body: css.body }}
      >
        <FileRows datasetId={id} offset={offset} onOffset={setOffset} height="100%" />
      </Modal>
    </>
  );
}
