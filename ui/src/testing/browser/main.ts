// Opens the pages over a session of the host: host.html?start=empty|example|runs|pictures
// `host` is at hand in the console: `host.nextPick(path)` answers the next file dialog.
import { Connection, type Open } from "../host/connection";
import { HostWindow } from "../host/window";

const asked = new URLSearchParams(location.search);
const start = asked.get("start") ?? "runs";
const scene = asked.get("play");
// What is before the hash would be read as part of every page's address.
history.replaceState(null, "", location.pathname + location.hash);
const answer = await fetch(`/__session?start=${start}`);
const { address, open } = (await answer.json()) as { address: string; open: Open };
const host = new HostWindow(await Connection.open(new WebSocket(address), open));
Object.assign(window, { host });
const scenes = scene ? await import("../pictures/scenes") : undefined;
if (scene) await scenes?.prepare(scene, host);
await import("../../main");
if (start === "runs" || start === "pictures") await host.core.setQueue({ paused: false, at_once: 1 });
if (scene) await scenes?.play(scene, host);
