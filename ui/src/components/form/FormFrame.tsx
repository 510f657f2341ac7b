import { Button, Group, Modal, type ModalProps } from "@mantine/core";
import type { KeyboardEvent, ReactNode } from "react";
import { tableOf } from "../../api/tables";
import { Refusal } from "../Refusal";
import css from "./Form.module.css";
import type { FormProps, RowForm } from "./useRowForm";

type Props = FormProps & {
  state: RowForm;
  size: ModalProps["size"];
  /** Shown left of the buttons. */
  note?: ReactNode;
  children: ReactNode;
};

/** The dialog of a row's form: title, refusal and buttons. */
export function FormFrame({ table, editing, state, size, note, children }: Props) {
  const { singular } = tableOf(table);
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    // A focused Select would open its list.
    event.stopPropagation();
    event.preventDefault();
    event.currentTarget.requestSubmit();
  };
  return (
    <Modal
      opened
      onClose={state.close}
      closeOnClickOutside={false}
      title={editing ? `Edit ${editing.label}` : `New ${singular}`}
      size={size}
      padding={0}
      classNames={{ header: css.header, body: css.body, content: css.content }}
    >
      <form onSubmit={state.submit} onKeyDownCapture={onKeyDown} noValidate className={css.form}>
        {state.refused && (
          <div className={css.refused}>
            <Refusal error={state.refused} />
          </div>
        )}
        {children}
        <Group className={css.footer} justify="flex-end" gap={8}>
          {note}
          <Button variant="default" onClick={state.close}>
            Cancel
          </Button>
          <Button type="submit" loading={state.saving}>
            {editing ? "Save" : `Add ${singular}`}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
