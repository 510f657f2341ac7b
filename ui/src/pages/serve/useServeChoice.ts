import { useEffect, useState } from "react";
import { useRow } from "../../api/store";
import type { Quantization, ServeRequest } from "../../bindings";

/** What the address names. */
export type AskedToServe = { model?: string; adapter?: string };

/** The port that clients keep in their settings, unless another is chosen. */
const PORT = 8642;

/** What is chosen to be served: what the address names, else what is served, else nothing. */
export function useServeChoice(asked: AskedToServe, served: ServeRequest | null) {
  const named = asked.model !== undefined || asked.adapter !== undefined;
  const [model, setModel] = useState(asked.model ?? "");
  const [adapters, setAdapters] = useState<string[]>(asked.adapter ? [asked.adapter] : []);
  const [port, setPort] = useState<number | string>(PORT);
  const [quantization, setQuantization] = useState<Quantization | null>(null);
  const [target, setTarget] = useState<string | null>(null);
  const [listen, setListen] = useState("");
  const [origins, setOrigins] = useState<string[]>([]);
  const home = useRow("adapters", asked.adapter ?? "", asked.adapter !== undefined && model === "").data?.row
    .model_id;
  // An adapter is served with its model.
  useEffect(() => {
    if (home) setModel((chosen) => chosen || String(home));
  }, [home]);
  const known = served !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it becomes known what is served
  useEffect(() => {
    if (!served) return;
    setPort(served.port || PORT);
    setQuantization(served.quantization ?? null);
    setTarget(served.target ?? null);
    setListen(served.listen ?? "");
    setOrigins(served.allowed_origins ?? []);
    if (named) return;
    setModel(served.model_id);
    setAdapters(served.adapter_ids ?? []);
  }, [known]);
  const whole = typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= 65_535;
  const request: ServeRequest | null =
    model && whole
      ? {
          model_id: model,
          adapter_ids: adapters,
          target,
          listen: listen.trim() || null,
          port,
          quantization,
          allowed_origins: origins,
        }
      : null;
  return {
    model,
    setModel: (next: string) => {
      setModel(next);
      setAdapters([]);
    },
    adapters,
    setAdapters,
    port,
    setPort,
    portProblem: whole ? null : "A port is a whole number from 0 to 65535.",
    quantization,
    setQuantization,
    target,
    setTarget,
    listen,
    setListen,
    origins,
    setOrigins,
    request,
  };
}

export type ServeChoice = ReturnType<typeof useServeChoice>;

/** Whether something else is chosen than is served. */
export function differs(request: ServeRequest | null, served: ServeRequest): boolean {
  const facts = (one: ServeRequest) =>
    JSON.stringify([
      one.model_id,
      one.adapter_ids ?? [],
      one.target ?? null,
      one.listen ?? null,
      one.port ?? 0,
      one.quantization ?? null,
      one.allowed_origins ?? [],
    ]);
  return request !== null && facts(request) !== facts(served);
}
