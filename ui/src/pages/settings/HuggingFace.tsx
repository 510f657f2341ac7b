import { Button, Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { toAppError } from "../../api/errors";
import { useHubSettings, useSetHubSettings } from "../../api/hub";
import type { HubSettings } from "../../bindings";
import { Panel } from "../../components/Panel";
import { Refusal } from "../../components/Refusal";
import { HubToken } from "./HubToken";

/** The connection to the Hub, stored on this computer. */
export function HuggingFace() {
  const { data, error, refetch } = useHubSettings();
  return (
    <Panel
      title="Hugging Face"
      about="The Hub is contacted only when you search, fetch, check, verify or type a name. Apart from that, only creating the Python environment uses the network."
    >
      {error && <Refusal error={toAppError(error)} onRetry={() => void refetch()} />}
      {data && (
        <Stack gap={20}>
          <Offline hub={data} />
          <HubToken token={data.token} />
          <Endpoint key={data.settings.endpoint} hub={data} />
        </Stack>
      )}
    </Panel>
  );
}

function Offline({ hub }: { hub: HubSettings }) {
  const set = useSetHubSettings();
  return (
    <>
      <Switch
        label="Work offline"
        description={
          hub.offline_by_environment
            ? "HF_HUB_OFFLINE is set in the environment, so no request is made."
            : "Makes no requests. Names can still be saved, but not verified."
        }
        checked={hub.offline_by_environment || hub.settings.offline}
        disabled={hub.offline_by_environment || set.isPending}
        onChange={(event) => set.mutate({ ...hub.settings, offline: event.currentTarget.checked })}
      />
      {set.error && <Refusal error={toAppError(set.error)} />}
    </>
  );
}

function Endpoint({ hub }: { hub: HubSettings }) {
  const set = useSetHubSettings();
  const kept = hub.settings.endpoint ?? "";
  const [typed, setTyped] = useState(kept);
  const refused = set.error ? toAppError(set.error) : null;
  const save = () => set.mutate({ ...hub.settings, endpoint: typed.trim() || null });
  if (hub.endpoint_by_environment) {
    return (
      <Text size="sm">The Hub at {hub.endpoint} is used, as set by HF_ENDPOINT in the environment.</Text>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <TextInput
        label="Address of the Hub"
        description="Only for a mirror or a hub of your own."
        placeholder="https://huggingface.co"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={refused && `${refused.message} ${refused.hint ?? ""}`}
        autoComplete="off"
        spellCheck={false}
        inputContainer={(input) => (
          <Group gap={8} wrap="nowrap" align="stretch">
            <div style={{ flex: 1 }}>{input}</div>
            <Button
              type="submit"
              variant="default"
              h={32}
              disabled={typed.trim() === kept}
              loading={set.isPending}
            >
              Save address
            </Button>
          </Group>
        )}
      />
    </form>
  );
}
