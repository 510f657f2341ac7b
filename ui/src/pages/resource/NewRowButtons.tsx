import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { Table } from "../../bindings";
import { useDialogs } from "../../components/useDialogs";
import { type Action, extrasOf } from "../../resources/registry";

/** The ways to make a row of a table; the main one last. */
export function NewRowButtons({ table }: { table: Table }) {
  const dialogs = useDialogs();
  const go = useNavigate();
  const { primaryAction, formLabel, moreActions = [] } = extrasOf(table.name);
  const form: Action = {
    label: primaryAction && formLabel ? formLabel : `New ${table.singular}`,
    icon: IconPlus,
    run: () => dialogs.create(table.name),
  };
  const main = primaryAction ?? form;
  const others = primaryAction ? [...moreActions, form] : moreActions;
  return (
    <>
      {others.map(({ label, run }) => (
        <Button key={label} variant="default" onClick={() => run(go)}>
          {label}
        </Button>
      ))}
      <Button leftSection={<main.icon size={16} stroke={1.8} />} onClick={() => main.run(go)}>
        {main.label}
      </Button>
    </>
  );
}
