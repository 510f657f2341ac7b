import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { CopyButton } from "../../components/clipboard";
import { Panel } from "../../components/Panel";
import { curlExample, pythonExample } from "./examples";
import css from "./Serve.module.css";

/** How to ask, to be copied. */
export function Examples({ url, model }: { url: string; model: string }) {
  const [way, setWay] = useState("curl");
  const text = way === "curl" ? curlExample(url, model) : pythonExample(url, model);
  return (
    <Panel
      title="Ask it"
      about="With the key in place of KEY. Any client of OpenAI’s API works the same way."
      action={
        <SegmentedControl
          size="xs"
          aria-label="Language of the example"
          data={[
            { value: "curl", label: "curl" },
            { value: "python", label: "Python" },
          ]}
          value={way}
          onChange={setWay}
        />
      }
    >
      <div className={css.code}>
        <pre className="selectable">{text}</pre>
        <CopyButton value={text} what="example" />
      </div>
    </Panel>
  );
}
