import { Graph, layout } from "@dagrejs/dagre";
import type { Lineage, RowKey } from "../../bindings";

export const WIDTH = 216;
export const HEIGHT = 60;

export const keyOf = ({ table, id }: RowKey) => `${table} ${id}`;
export const moreKeyOf = (of: RowKey, table: string) => `more ${table} of ${keyOf(of)}`;

/** The position of each node. A node is to the right of the rows it refers to. */
export function placed({ nodes, edges, more }: Lineage): Map<string, { x: number; y: number }> {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 20, ranksep: 56 });
  graph.setDefaultEdgeLabel(() => ({}));
  const size = () => ({ width: WIDTH, height: HEIGHT });
  for (const { row } of nodes) graph.setNode(keyOf(row), size());
  for (const { from, to } of edges) graph.setEdge(keyOf(from), keyOf(to));
  for (const { of, table } of more) {
    graph.setNode(moreKeyOf(of, table), size());
    graph.setEdge(keyOf(of), moreKeyOf(of, table));
  }
  layout(graph);
  return new Map(
    graph.nodes().map((key) => {
      const { x, y } = graph.node(key);
      return [key, { x: x - WIDTH / 2, y: y - HEIGHT / 2 }];
    }),
  );
}
