// What stands on the page that starts a training, and what it sends.
import { screen, within } from "@testing-library/react";
import type { TrainingRequest } from "../bindings";
import type { HostWindow } from "./host/window";

export const summary = async () => within(await screen.findByRole("region", { name: "Summary" }));
export const against = async () => within(await screen.findByRole("list", { name: "Before it can start" }));
export const started = (host: HostWindow) => host.calls.filter(({ command }) => command === "start_training");
export const sent = (host: HostWindow) => started(host)[0]?.args.request as TrainingRequest;
