// The ways to export, each in a file of its own. `resources/exportAction.ts` says for which tables.
import type { WayName, WayOf } from "../way";
import { merge } from "./Merge";

export const ways: { [Name in WayName]: WayOf<Name> } = { merge };
