import { Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { tableOf } from "../../api/tables";
import type { Lineage, LineageNode, RowKey } from "../../bindings";
import { icons } from "../../bindings/icons";
import { counted, inSentence } from "../../format/texts";
import css from "./Lineage.module.css";
import { isSame, nameOf } from "./nodeName";

/** A lineage as a list: each row with the rows it refers to. */
export function LineageList({ lineage: { nodes, edges, more } }: { lineage: Lineage }) {
  const nodeOf = (key: RowKey) => nodes.find(({ row }) => isSame(row, key));
  return (
    <ul className={css.list} aria-label="Lineage">
      {nodes.map((node) => {
        const from = edges.filter(({ to }) => isSame(to, node.row));
        const hidden = more.filter(({ of }) => isSame(of, node.row));
        return (
          <li key={`${node.row.table} ${node.row.id}`} className={css.entry}>
            <Title order={2}>
              <NodeLink node={node} />
            </Title>
            {from.map(({ from, role }) => {
              const source = nodeOf(from);
              return (
                source && (
                  <Text key={`${from.id} ${role}`} size="sm" component="p" m={0}>
                    <Text span inherit c="dimmed">
                      from {tableOf(from.table).singular}, as {inSentence(role)}:{" "}
                    </Text>
                    <NodeLink node={source} />
                  </Text>
                )
              );
            })}
            {hidden.map(({ table, rows }) => (
              <Text key={table} size="sm" c="dimmed">
                and {counted(rows, tableOf(table))} more were made from it
              </Text>
            ))}
          </li>
        );
      })}
    </ul>
  );
}

function NodeLink({ node }: { node: LineageNode }) {
  const Icon = icons[node.row.table];
  const name = (
    <>
      <Icon size={15} stroke={1.6} aria-hidden style={{ verticalAlign: "-2px" }} /> {nameOf(node)}
    </>
  );
  if (node.label === null) return <span>{name}</span>;
  return (
    <Link to="/lineage/$table/$id" params={node.row} className={css.link}>
      {name}
    </Link>
  );
}
