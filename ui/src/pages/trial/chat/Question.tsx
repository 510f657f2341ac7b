import { ActionIcon, Tooltip } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { CopyButton } from "../../../components/clipboard";
import css from "./Chat.module.css";
import { EditText } from "./EditText";

type Props = {
  text: string;
  /** Whether it can be changed now. */
  free: boolean;
  editing: boolean;
  onEdit: (editing: boolean) => void;
  onAsk: (text: string) => void;
};

/** What the person says. */
export function Question({ text, free, editing, onEdit, onAsk }: Props) {
  if (editing)
    return (
      <div className={css.question} data-editing>
        <EditText
          label="Your message"
          text={text}
          action="Ask again"
          onDone={(edited) => {
            onEdit(false);
            onAsk(edited);
          }}
          onCancel={() => onEdit(false)}
        />
      </div>
    );
  return (
    <section className={css.question} aria-label="You">
      <div className={css.tools}>
        <CopyButton value={text} what="message" />
        <Tooltip label="Edit, and ask again from here">
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label="Edit message"
            disabled={!free}
            onClick={() => onEdit(true)}
          >
            <IconPencil size={14} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
      <p>{text}</p>
    </section>
  );
}
