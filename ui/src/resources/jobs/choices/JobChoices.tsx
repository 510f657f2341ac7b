import { useRow } from "../../../api/store";
import type { Listed } from "../../../bindings";
import { Facts } from "../../../components/Facts";
import { RowLink } from "../../../components/RowLink";
import { choiceFacts } from "./choiceFacts";
import { choiceLabels } from "./options";

/** What was chosen for a training beyond the columns of its job. */
export function JobChoices({ choices }: { choices: NonNullable<Listed["choices"]> }) {
  const { adapter_init, ...rest } = choices;
  return (
    <Facts
      aligned
      facts={[
        ...choiceFacts(rest),
        {
          name: choiceLabels.adapter_init,
          value: adapter_init && <AdapterLink id={adapter_init} />,
        },
      ]}
    />
  );
}

function AdapterLink({ id }: { id: string }) {
  const adapter = useRow("adapters", id, true).data;
  if (!adapter) return `${id} (not here)`;
  return (
    <RowLink table="adapters" id={id} inherit>
      {adapter.label}
    </RowLink>
  );
}
