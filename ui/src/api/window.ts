import { commands } from "../bindings";

/** Reports that the window can be used. The program then starts work that can wait, and logs the time to start. */
export const reportShown = () => commands.shown();
