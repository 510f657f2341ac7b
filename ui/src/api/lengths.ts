// Token lengths of the rows of a training.
import { commands, type LengthsRequest, type TokenLengths } from "../bindings";
import type { Work } from "./useTask";

/** Counts the tokens of all rows, unless that was done before. */
export const tokenLengths =
  (request: LengthsRequest): Work<TokenLengths> =>
  (task, onProgress) =>
    commands.tokenLengths(request, task, onProgress);
