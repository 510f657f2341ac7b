import { Text } from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { showError, toAppError } from "../../api/errors";
import { useCreate, useUpdate } from "../../api/store";
import { applies, idOf, tableOf } from "../../api/tables";
import type { AppError, Column, Listed, TableName } from "../../bindings";
import { capitalize } from "../../format/texts";
import type { Notes } from "./notes";
import {
  type CodeLanguage,
  type FormValues,
  fieldsToSend,
  formColumns,
  initialValues,
  problemWith,
} from "./values";

/** Stores what belongs to a row that was added. What it throws is shown; the row stays. */
export type OnCreated = (row: Listed) => Promise<unknown>;

export type FormProps = {
  table: TableName;
  /** The row to change; null for a new one. */
  editing: Listed | null;
  /** Values of a new row in place of the defaults of its columns. */
  initial?: FormValues;
  /** The language of `code` columns, which may depend on other columns. JSON if absent. */
  codeLanguage?: CodeLanguage;
  /** What is shown below a field, by column. */
  notes?: Notes;
  onCreated?: OnCreated;
  onClose: () => void;
};

export type RowForm = {
  form: UseFormReturnType<FormValues>;
  /** The columns that apply to the row's type. */
  shown: Column[];
  saving: boolean;
  /** The refusal to show above the fields; null if the fields show all of it. */
  refused: AppError | null;
  submit: () => void;
  /** Closes the form. Unsaved changes are discarded only after a confirmation. */
  close: () => void;
};

/** The state of a row's form. Values stay when the core refuses them. */
export function useRowForm({
  table: name,
  editing,
  initial,
  codeLanguage,
  onCreated,
  onClose,
}: FormProps): RowForm {
  const table = tableOf(name);
  const navigate = useNavigate();
  const create = useCreate(name);
  const update = useUpdate(name, editing ? idOf(editing) : "");
  const [refused, setRefused] = useState<AppError | null>(null);
  const saving = create.isPending || update.isPending;
  const form = useForm<FormValues>({
    initialValues: { ...initialValues(table, editing), ...initial },
    validateInputOnChange: true,
    validate: (values) =>
      Object.fromEntries(
        formColumns(table).map((column) => [column.name, problemWith(column, values, codeLanguage)]),
      ),
    onValuesChange: () => setRefused(null),
  });
  const shown = formColumns(table).filter((column) => applies(column, form.values));
  const isShown = ({ column }: { column: string }) => shown.some(({ name }) => name === column);

  const save = async (values: FormValues) => {
    if (saving) return;
    try {
      const fields = fieldsToSend(table, values, editing);
      if (editing) {
        if (Object.keys(fields).length > 0) await update.mutateAsync(fields);
        return onClose();
      }
      const { row, recognized } = await create.mutateAsync(fields);
      if (!recognized) await onCreated?.(row).catch(showError);
      onClose();
      notifications.show(
        recognized
          ? {
              title: `This ${table.singular} already exists`,
              message: `“${row.label}” is identical, so nothing was added.`,
            }
          : { message: `${capitalize(table.singular)} “${row.label}” was added.` },
      );
      await navigate({ to: "/$table", params: { table: name }, search: { id: idOf(row) } });
    } catch (thrown) {
      const error = toAppError(thrown);
      const besideFields = error.fields.filter(isShown);
      form.setErrors(Object.fromEntries(besideFields.map(({ column, message }) => [column, message])));
      setRefused(error);
      focusField(besideFields[0]?.column);
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
  // Fields show their problems themselves, so the refusal above is only needed for anything more.
  const shownBesideFields =
    refused?.hint === null && refused.fields.length > 0 && refused.fields.every(isShown);
  return { form, shown, saving, refused: shownBesideFields ? null : refused, submit, close };
}

function focusField(column: string | undefined): void {
  if (column) document.querySelector<HTMLElement>(`[data-field="${column}"]`)?.focus();
}
