import { Button } from "@mantine/core";
import { useExample } from "../../api/example";
import { useExampleActions } from "../../components/example/useExampleActions";
import { Panel } from "../../components/Panel";

/** While the example is here: that it is one, and the way to be rid of it. */
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
