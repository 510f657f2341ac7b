import { Group, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import css from "./Panel.module.css";

type Props = {
  title: string;
  /** One sentence under the title. */
  about?: ReactNode;
  /** On the right of the title. */
  action?: ReactNode;
  children?: ReactNode;
};

/** A part of a page that has a heading of its own. */
export function Panel({ title, about, action, children }: Props) {
  const id = useId();
  return (
    <section className={css.panel} aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" mb={12}>
        <div style={{ minWidth: 0 }}>
          <Title order={2} id={id} style={{ overflowWrap: "anywhere" }}>
            {title}
          </Title>
          {about && (
            <Text size="sm" c="dimmed">
              {about}
            </Text>
          )}
        </div>
        {action && <div className={css.action}>{action}</div>}
      </Group>
      {children}
    </section>
  );
}
