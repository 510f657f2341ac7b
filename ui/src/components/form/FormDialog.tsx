import { Button, Group, Modal, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useState } from "react";
import { toAppError } from "../../api/errors";
import { useCreate, useUpdate } from "../../api/store";
import { applies, idOf, tableOf } from "../../api/tables";
import type { AppError, Listed, TableName } from "../../bindings";
import { specialsOf } from "../../resources/registry";
import { Refusal } from "../Refusal";
import { capitalised } from "../words";
import { Field } from "./Field";
import css from "./Form.module.css";
import { type FormValues, fieldsToSend, formColumns, initialValues, isNeeded, problemWith } from "./values";

type Props = { table: TableName; editing: Listed | null; onClose: () => void };

/** Creates a row or changes one. What was typed stays until it is saved or the person discards it. */
export function FormDialog({ table: name, editing, onClose }: Props) {
  const table = tableOf(name);
  const navigate = useNavigate();
  const create = useCreate(name);
  const update = useUpdate(name, editing ? idOf(editing) : "");
  const [refused, setRefused] = useState<AppError | null>(null);
  const saving = create.isPending || update.isPending;
  const form = useForm<FormValues>({
    initialValues: initialValues(table, editing),
    validateInputOnChange: true,
    validate: (values) =>
      Object.fromEntries(
        formColumns(table).map((column) => [column.name, problemWith(table, column, values)]),
      ),
    onValuesChange: () => setRefused(null),
  });
  const shown = formColumns(table).filter((column) => applies(column, form.values));

  const save = async (values: FormValues) => {
    if (saving) return;
    try {
      const fields = fieldsToSend(table, values, editing);
      if (editing) {
        if (Object.keys(fields).length > 0) await update.mutateAsync(fields);
        return onClose();
      }
      const { row, recognised } = await create.mutateAsync(fields);
      onClose();
      notifications.show(
        recognised
          ? {
              title: `This ${table.singular} is already here`,
              message: `“${row.label}” is identical, so nothing was added.`,
            }
          : { message: `${capitalised(table.singular)} “${row.label}” was added.` },
      );
      await navigate({ to: "/$table", params: { table: name }, search: { id: idOf(row) } });
    } catch (thrown) {
      const error = toAppError(thrown);
      const besides = error.fields.filter(({ column }) => shown.some(({ name }) => name === column));
      form.setErrors(Object.fromEntries(besides.map(({ column, message }) => [column, message])));
      setRefused(error);
      focusField(besides[0]?.column);
    }
  };

  const close = () => {
    if (saving) return;
    if (!form.isDirty()) return onClose();
    modals.openConfirmModal({
      title: "Discard what you typed?",
      children: <Text size="sm">The {table.singular} has not been saved.</Text>,
      labels: { confirm: "Discard", cancel: "Keep editing" },
      confirmProps: { color: "red" },
      zIndex: 400,
      onConfirm: onClose,
    });
  };

  const submit = form.onSubmit(save, (errors) => focusField(shown.find(({ name }) => errors[name])?.name));
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
  };
  // Problems that stand beside their fields need no second telling above, unless there is more to say.
  const told =
    refused?.hint === null &&
    refused.fields.length > 0 &&
    refused.fields.every(({ column }) => shown.some(({ name }) => name === column));

  return (
    <Modal
      opened
      onClose={close}
      closeOnClickOutside={false}
      title={editing ? `Edit ${editing.label}` : `New ${table.singular}`}
      size={640}
      padding={0}
      classNames={{ header: css.header, body: css.body, content: css.content }}
    >
      <form onSubmit={submit} onKeyDown={onKeyDown} noValidate className={css.form}>
        <div className={css.fields}>
          {refused && !told && <Refusal error={refused} />}
          {shown.map((column, index) => (
            <Field
              key={column.name}
              column={column}
              needed={isNeeded(column, form.values)}
              autoFocus={index === 0}
              links={editing?.links ?? []}
              language={specialsOf(name).codeIs?.(form.values) ?? "json"}
              input={form.getInputProps(column.name)}
            />
          ))}
        </div>
        <Group className={css.footer} justify="flex-end" gap={8}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={saving}>
            {editing ? "Save" : `Add ${table.singular}`}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function focusField(column: string | undefined): void {
  if (column) document.querySelector<HTMLElement>(`[data-field="${column}"]`)?.focus();
}
