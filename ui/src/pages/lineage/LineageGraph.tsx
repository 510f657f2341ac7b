import { useComputedColorScheme } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  type ReactFlowInstance,
} from "@xyflow/react";
import { useMemo } from "react";
import { tableOf } from "../../api/tables";
import type { Lineage, LineageMore, LineageNode } from "../../bindings";
import { icons } from "../../bindings/icons";
import { capitalize, plural } from "../../format/texts";
import "@xyflow/react/dist/style.css";
import css from "./Lineage.module.css";
import { HEIGHT, keyOf, moreKeyOf, placed, WIDTH } from "./layout";
import { nameOf } from "./nodeName";

type RowNode = Node<{ node: LineageNode; start: boolean }, "row">;
type MoreNode = Node<LineageMore, "more">;

/** The least zoom at which names can be read. */
const READABLE = 0.65;

const nodeTypes = { row: RowBox, more: MoreBox };

/** The picture of a lineage. Its nodes are links, so Tab and Enter work. */
export default function LineageGraph({ lineage }: { lineage: Lineage }) {
  const scheme = useComputedColorScheme();
  const { nodes, edges } = useMemo(() => drawn(lineage), [lineage]);
  return (
    <div className={css.canvas}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        colorMode={scheme}
        onInit={(flow) => void show(flow, nodes[0])}
        minZoom={0.15}
        maxZoom={1.6}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={20} />
        <Controls showInteractive={false} position="bottom-left" />
      </ReactFlow>
    </div>
  );
}

/** Fits the whole picture if it stays readable, or else centers the row itself. */
async function show(
  flow: ReactFlowInstance<RowNode | MoreNode, Edge>,
  start: RowNode | MoreNode | undefined,
) {
  await flow.fitView({ padding: 0.12, maxZoom: 1.1 });
  if (!start || flow.getZoom() >= READABLE) return;
  const { x, y } = start.position;
  await flow.setCenter(x + WIDTH / 2, y + HEIGHT / 2, { zoom: READABLE });
}

function drawn(lineage: Lineage): { nodes: (RowNode | MoreNode)[]; edges: Edge[] } {
  const places = placed(lineage);
  const size = { width: WIDTH, height: HEIGHT, focusable: false };
  const at = (key: string) => ({ id: key, position: places.get(key) ?? { x: 0, y: 0 }, ...size });
  const rows = lineage.nodes.map(
    (node, index): RowNode => ({ ...at(keyOf(node.row)), type: "row", data: { node, start: index === 0 } }),
  );
  const more = lineage.more.map(
    (left): MoreNode => ({ ...at(moreKeyOf(left.of, left.table)), type: "more", data: left }),
  );
  const line = (source: string, target: string): Edge => ({
    id: `${source} to ${target}`,
    source,
    target,
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14 },
  });
  const lines = new Map(
    lineage.edges.map(({ from, to }) => {
      const drawn = line(keyOf(from), keyOf(to));
      return [drawn.id, drawn];
    }),
  );
  const left = lineage.more.map(({ of, table }) => line(keyOf(of), moreKeyOf(of, table)));
  return { nodes: [...rows, ...more], edges: [...lines.values(), ...left] };
}

function Ends() {
  return (
    <>
      <Handle type="target" position={Position.Left} className={css.end} isConnectable={false} />
      <Handle type="source" position={Position.Right} className={css.end} isConnectable={false} />
    </>
  );
}

function RowBox({ data: { node, start } }: NodeProps<RowNode>) {
  const { row, label, kind } = node;
  const Icon = icons[row.table];
  const noun = capitalize(tableOf(row.table).singular);
  const inside = (
    <>
      <Icon size={20} stroke={1.6} aria-hidden className={css.icon} />
      <span className={css.words}>
        <span className={css.name}>{nameOf(node)}</span>
        <span className={css.kind}>{label === null ? row.id : kind ? `${noun} · ${kind}` : noun}</span>
      </span>
    </>
  );
  if (label === null) {
    return (
      <div className={css.node} data-missing title={`${nameOf(node)}: ${row.id}`}>
        <Ends />
        {inside}
      </div>
    );
  }
  const common = { className: css.node, title: label };
  return (
    <>
      <Ends />
      {start ? (
        <Link to="/$table" params={{ table: row.table }} search={{ id: row.id }} {...common} data-start>
          {inside}
        </Link>
      ) : (
        <Link to="/lineage/$table/$id" params={row} {...common}>
          {inside}
        </Link>
      )}
    </>
  );
}

function MoreBox({ data: { of, table: name, rows } }: NodeProps<MoreNode>) {
  const table = tableOf(name);
  return (
    <>
      <Ends />
      <Link
        to="/$table"
        params={{ table: of.table }}
        search={{ id: of.id }}
        className={css.node}
        data-more
        title="They are listed in the row’s panel under Used by"
      >
        and {plural(rows, `more ${table.singular}`, `more ${table.plural}`)}
      </Link>
    </>
  );
}
