import { Text } from "@mantine/core";
import { useEngineCommands } from "../../api/serving";
import { CopyButton } from "../../components/clipboard";
import { Panel } from "../../components/Panel";
import css from "./Serve.module.css";

/** The engines that are installed here, with the commands that serve the same to many clients at once. */
export function Engines({ model, adapters }: { model: string; adapters: string[] }) {
  const engines = useEngineCommands(model, adapters);
  if (engines.length === 0) return null;
  return (
    <Panel
      title="Other engines"
      about="This endpoint answers one request at a time. These are installed here and answer many at once."
    >
      {engines.map(({ engine, command, note }) => (
        <div key={engine} className={css.engine}>
          <Text size="sm" fw={500}>
            {engine}
          </Text>
          {command && (
            <div className={css.code}>
              <pre className="selectable">{command}</pre>
              <CopyButton value={command} what={`command for ${engine}`} />
            </div>
          )}
          {note && (
            <Text size="sm" c="dimmed">
              {note}
            </Text>
          )}
        </div>
      ))}
    </Panel>
  );
}
