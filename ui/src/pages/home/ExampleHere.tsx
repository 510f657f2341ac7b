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
      about="Made-up messages to a shop, with prompts, configs and models, to try things out."
    >
      <Button variant="default" loading={removing} onClick={() => void remove()}>
        Remove the example
      </Button>
    </Panel>
  );
}
