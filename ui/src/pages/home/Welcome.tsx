import { Button, Text, ThemeIcon, Title } from "@mantine/core";
import {
  IconCube,
  IconFileDatabase,
  IconFileImport,
  type IconProps,
  IconSparkles,
} from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import type { OpenWorkspace } from "../../bindings";
import { useExampleActions } from "../../components/example/useExampleActions";
import { Page } from "../../components/Page";
import { useDialogs } from "../../components/useDialogs";
import { useSwitchWorkspace } from "../../components/useSwitchWorkspace";
import { importFromPicker } from "../../resources/datasets/import/queue";
import css from "./Home.module.css";
import { OpenedBefore } from "./OpenedBefore";

/** Home of an empty workspace. */
export function Welcome({ workspace }: { workspace: OpenWorkspace }) {
  const { create } = useDialogs();
  const { openAnother } = useSwitchWorkspace();
  const example = useExampleActions();
  return (
    <Page title="Start here" about="This workspace is empty. Start with one of these.">
      <div className={css.ways}>
        <Way
          icon={IconFileImport}
          title="Import a dataset"
          action={<Button onClick={importFromPicker}>Choose a file</Button>}
        >
          A CSV, JSON, JSON Lines or Parquet file, or a folder of them. You see its rows before anything is
          saved. You can also drop files anywhere on this window.
        </Way>
        <Way
          icon={IconCube}
          title="Add a model"
          action={
            <Button variant="default" onClick={() => create("models")}>
              Add a model
            </Button>
          }
        >
          By its name on the Hugging Face Hub. Fine-tuning starts from this model.
        </Way>
        <Way
          icon={IconSparkles}
          title="Look around first"
          action={
            <Button variant="default" loading={example.loading} onClick={() => void example.load()}>
              Load the example
            </Button>
          }
        >
          300 made-up messages to a shop, with prompts, configs and models. One click removes it all again.
        </Way>
        <Way
          icon={IconFileDatabase}
          title="Open an existing studio"
          action={
            <Button variant="default" onClick={openAnother}>
              Choose a database
            </Button>
          }
        >
          The SQLite database of a Fine Tuning Studio that you have used before, here or elsewhere.
        </Way>
      </div>
      <div className={css.before}>
        <OpenedBefore workspace={workspace} />
      </div>
    </Page>
  );
}

type WayProps = { icon: ComponentType<IconProps>; title: string; action: ReactNode; children: ReactNode };

function Way({ icon: Icon, title, action, children }: WayProps) {
  return (
    <section className={css.way} aria-label={title}>
      <ThemeIcon variant="light" size={40} aria-hidden>
        <Icon size={22} stroke={1.6} />
      </ThemeIcon>
      <Title order={2}>{title}</Title>
      <Text size="sm" c="dimmed" mb={8}>
        {children}
      </Text>
      {action}
    </section>
  );
}
