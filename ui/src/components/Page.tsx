import { Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import css from "./Page.module.css";

type Props = {
  title: string;
  /** One sentence under the title. */
  about?: ReactNode;
  /** On the right of the title; the primary one last. */
  actions?: ReactNode;
  /** The content scrolls as a whole, unless it scrolls inside itself (a table). */
  scrolls?: boolean;
  children: ReactNode;
};

export function Page({ title, about, actions, scrolls = true, children }: Props) {
  return (
    <div className={css.page} data-scrolls={scrolls || undefined}>
      <header className={css.header}>
        <div className={css.heading}>
          <Title order={1}>{title}</Title>
          {about && (
            <Text
              size="sm"
              c="dimmed"
              className={css.about}
              title={typeof about === "string" ? about : undefined}
            >
              {about}
            </Text>
          )}
        </div>
        {actions && <Group gap={8}>{actions}</Group>}
      </header>
      {children}
    </div>
  );
}
