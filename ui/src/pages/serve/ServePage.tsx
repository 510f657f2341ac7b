import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useServe, useServing } from "../../api/serving";
import { Page } from "../../components/Page";
import { Panel } from "../../components/Panel";
import { Refusal } from "../../components/Refusal";
import { Engines } from "./Engines";
import { Examples } from "./Examples";
import { Requests } from "./Requests";
import css from "./Serve.module.css";
import { Served } from "./Served";
import { ServeForm } from "./ServeForm";
import { useServeChoice } from "./useServeChoice";

/** Serves a model and its adapters to other programs, and shows what they ask. */
export function ServePage() {
  const asked = useSearch({ from: "/serve" });
  const serving = useServing();
  const serve = useServe();
  const choice = useServeChoice(asked, serving?.request ?? null);
  const [key, setKey] = useState<string | null>(null);
  const { request } = choice;
  return (
    <Page
      title="Serve"
      about="Let other programs on this machine ask a model and its adapters, as they would ask OpenAI."
      scrolls={false}
    >
      <div className={css.split}>
        <ServeForm
          choice={choice}
          serving={serving}
          pending={serve.start.isPending}
          stopping={serve.stop.isPending}
          onStart={() =>
            request && serve.start.mutate(request, { onSuccess: ({ key: shown }) => setKey(shown) })
          }
          onStop={() => serve.stop.mutate()}
        />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by keyboard */}
        <section className={css.main} tabIndex={0} aria-label="What is served">
          {serve.error && <Refusal error={serve.error} />}
          {serving === null ? (
            <Panel
              title="Nothing is served"
              about="Choose a model and press Serve. Its address, the key and the requests are shown here."
            />
          ) : (
            <>
              <Served
                serving={serving}
                shownKey={key}
                onRenew={() => serve.renewKey.mutate(undefined, { onSuccess: (made) => setKey(made.key) })}
              />
              <Requests requests={serving.requests} onClear={() => serve.clear.mutate()} />
              <Examples url={serving.url} model={serving.models[serving.models.length - 1]?.name ?? ""} />
            </>
          )}
          <Engines model={choice.model} adapters={choice.adapters} />
        </section>
      </div>
    </Page>
  );
}
