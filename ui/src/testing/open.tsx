import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { inject } from "vitest";
import { WebSocket as Socket } from "ws";
import { App } from "../App";
import { createQueryClient } from "../api/client";
import { createAppRouter } from "../router";
import { Connection, type Open } from "./host/connection";
import { HostWindow } from "./host/window";
import { importRows, type Rows } from "./rows";
import { moveRuns } from "./runs";
import type { Templates } from "./templates";

/** An empty workspace, one made for all tests, or one with these rows. */
export type Start = "empty" | Template | Rows;
export type Template = keyof Templates["folders"];

/** No request leaves the machine. Tests of the Hub start a server. */
const OFFLINE = { HF_HUB_OFFLINE: "1" };

const open = new Set<Connection>();

/** A session of the host, without a page. */
export async function openHost(start: Start = "empty", how: Open = {}): Promise<HostWindow> {
  const template =
    typeof start === "string" && start !== "empty" ? inject("templates").folders[start] : undefined;
  const socket = new Socket(inject("host")) as unknown as WebSocket;
  const connection = await Connection.open(socket, { template, hub: OFFLINE, ...how });
  open.add(connection);
  const host = new HostWindow(connection);
  if (typeof start !== "string") await importRows(connection, start);
  if (start === "runs") moveRuns(template ?? "", connection.folder);
  return host;
}

/** Opens the window's pages at an address. */
export async function openStudio(
  address: string,
  start: Start = "empty",
  prepare?: (host: HostWindow) => unknown,
  how: Open = {},
) {
  const host = await openHost(start, how);
  await prepare?.(host);
  return showStudio(address, host);
}

/** The same on a session that is open. */
export function showStudio(address: string, host: HostWindow) {
  const router = createAppRouter(createMemoryHistory({ initialEntries: [address] }));
  const client = createQueryClient();
  const user = userEvent.setup();
  return { host, router, user, ...render(<App router={router} client={client} env="test" />) };
}

/** Ends all sessions of a test. */
export function closeHosts(): void {
  for (const connection of open) void connection.close();
  open.clear();
}
