import { Anchor, type AnchorProps } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { TableName } from "../bindings";

type Props = Omit<AnchorProps, "component"> & { table: TableName; id: string; children: ReactNode };

/** A link to a row: opens its list with the row in the panel. */
export function RowLink({ table, id, children, ...anchor }: Props) {
  return (
    <Anchor
      {...anchor}
      renderRoot={(props) => (
        <Link
          to="/$table"
          params={{ table }}
          search={{ id }}
          {...props}
          onClick={(event) => event.stopPropagation()}
        />
      )}
    >
      {children}
    </Anchor>
  );
}
