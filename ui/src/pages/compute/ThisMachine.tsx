import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTrainingMemory } from "../../api/hubSearch";
import { useEnvironment } from "../../api/python";
import { Facts } from "../../components/Facts";
import { Panel } from "../../components/Panel";
import { formatBytes } from "../../format/numbers";
import css from "./Compute.module.css";

/** The machine that the window is on. */
export function ThisMachine() {
  const { data: memory } = useTrainingMemory();
  const { data: python } = useEnvironment();
  return (
    <Panel title="This machine" dense>
      <div className={css.facts}>
        <Facts
          facts={[
            { name: "Computes on", value: memory?.device ?? <Later /> },
            { name: "Memory", value: memory?.bytes != null && formatBytes(memory.bytes) },
          ]}
        />
        <Facts
          facts={[
            { name: "Free disk", value: python?.free_bytes != null && formatBytes(python.free_bytes) },
            {
              name: "Python",
              value: python ? (
                <>
                  {python.used ?? python.program ?? "None that can train."}{" "}
                  <Anchor inherit renderRoot={(props) => <Link to="/settings" {...props} />}>
                    Settings
                  </Anchor>
                </>
              ) : (
                <Later />
              ),
            },
          ]}
        />
      </div>
    </Panel>
  );
}

function Later() {
  return (
    <Text span inherit c="dimmed">
      Looking…
    </Text>
  );
}
