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
  /** Less room around the content, for pages that must fit on one screen. */
  dense?: boolean;
};

/** A section of a page with a heading and a frame. */
export function Panel({ title, about, action, children, dense }: Props) {
  const id = useId();
  return (
    <section className={css.panel} data-dense={dense || undefined} aria-labelledby={id}>
      <Group
        justify="space-between"
        align={dense ? "center" : "flex-start"}
        wrap="nowrap"
        mih={dense ? 28 : undefined}
        mb={dense ? 6 : 12}
      >
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
