import { Button } from "@mantine/core";
import { useExample } from "../../api/example";
import { useExampleActions } from "../../components/example/useExampleActions";
import { Panel } from "../../components/Panel";

/** Explains the example while it is loaded, with a button to remove it. */
export function ExampleHere() {
  const { data } = useExample();
  const { remove, removing } = useExampleActions();
  if (!data || data.rows.length === 0) return null;
  return (
    <Panel
      title="Example workspace"
      about="A shop’s messages, prompts over them, configs and models, made up to try things on."
    >
      <Button variant="default" loading={removing} onClick={() => void remove()}>
        Remove the example
      </Button>
    </Panel>
  );
}
