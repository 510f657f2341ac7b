import { Alert, Button, Group, Loader, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheckFilled } from "@tabler/icons-react";
import type { EndpointState, ServingReport } from "../../bindings";
import { CopyButton } from "../../components/clipboard";
import { Facts } from "../../components/Facts";
import { Panel } from "../../components/Panel";
import { Refusal } from "../../components/Refusal";
import css from "./Serve.module.css";

type Props = {
  serving: ServingReport;
  /** The key, if it was made while this page is shown. */
  shownKey: string | null;
  onRenew: () => void;
};

/** Where it is served, by which key and under which names. */
export function Served({ serving, shownKey, onRenew }: Props) {
  const { state, url, models, warning } = serving;
  return (
    <Panel title="Endpoint" action={<State state={state} />}>
      {state.is === "failed" && <Refusal error={state.error} mb={12} />}
      {warning && (
        <Alert color="yellow" variant="light" mb={12} icon={<IconAlertTriangle size={18} stroke={1.6} />}>
          {warning}
        </Alert>
      )}
      <Facts
        aligned
        facts={[
          { name: "URL", value: <Copied text={url} what="URL" /> },
          {
            name: "Key",
            value: shownKey ? (
              <>
                <Copied text={shownKey} what="key" />
                <Text size="xs" c="dimmed">
                  Copy it now: it is not shown again.
                </Text>
              </>
            ) : (
              <Group gap={12}>
                <span>The same key as before. It is not shown again.</span>
                <Button variant="default" size="compact-sm" onClick={onRenew}>
                  New key
                </Button>
              </Group>
            ),
          },
          {
            name: "Models",
            value: models.map(({ name }) => <Copied key={name} text={name} what={`name ${name}`} />),
          },
        ]}
      />
    </Panel>
  );
}

function Copied({ text, what }: { text: string; what: string }) {
  return (
    <span className={css.copied}>
      <code>{text}</code>
      <CopyButton value={text} what={what} />
    </span>
  );
}

function State({ state }: { state: EndpointState }) {
  return (
    <Group gap={6} wrap="nowrap" role="status">
      {state.is === "loading" && <Loader size={14} />}
      {state.is === "ready" && (
        <IconCircleCheckFilled size={16} color="var(--mantine-color-teal-6)" aria-hidden />
      )}
      <Text size="sm">
        {state.is === "ready" ? "Answering" : state.is === "loading" ? state.message : "Not answering"}
      </Text>
    </Group>
  );
}
