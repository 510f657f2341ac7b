// Fetches from the Hugging Face Hub into its local cache. The core reports their changes (`changes.ts`).
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type CachedKind, commands, type Transfer, type TransferRequest } from "../bindings";
import { isSamePart, WHOLE } from "./datasetParts";
import { keys, storeChanged } from "./store";

const transferKeys = {
  all: [...keys.store, "transfers"] as const,
  rule: [...keys.store, "transferRule"] as const,
};

/** Whether a transfer goes on without anyone's doing. */
export function isUnderWay({ state }: Transfer): boolean {
  return state === "queued" || state === "running";
}

/** All transfers: those that have not ended in the order of the queue, then the others, newest first. */
export function useTransfers() {
  return useQuery({ queryKey: transferKeys.all, queryFn: commands.transfers });
}

/** The transfer of a repository at `main`, or of a part of a dataset; undefined if there is none. */
export function useTransferOf(kind: CachedKind, name: string, part = WHOLE): Transfer | undefined {
  const { data } = useTransfers();
  const isOf = (one: Transfer) =>
    one.kind === kind && one.name === name && one.revision === null && isSamePart(one.part ?? WHOLE, part);
  return data?.find(isOf);
}

export function useTransferRule() {
  return useQuery({ queryKey: transferKeys.rule, queryFn: commands.transferRule });
}

/** What is on this machine changes with a transfer. */
function useTransferChange<A, T>(change: (argument: A) => Promise<T>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => storeChanged(client) });
}

export const useAddTransfer = () =>
  useTransferChange((request: TransferRequest) => commands.addTransfer(request));
export const usePauseTransfer = () => useTransferChange((id: string) => commands.pauseTransfer(id));
export const useResumeTransfer = () => useTransferChange((id: string) => commands.resumeTransfer(id));
export const useCancelTransfer = () => useTransferChange((id: string) => commands.cancelTransfer(id));
/** Removes one ended transfer from the list; null removes all. */
export const useForgetTransfers = () =>
  useTransferChange((id: string | null) => commands.forgetTransfers(id));
export const useSetTransferRule = () =>
  useTransferChange((at_once: number) => commands.setTransferRule({ at_once }));
