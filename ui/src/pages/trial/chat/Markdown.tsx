import MarkdownToReact from "markdown-to-jsx/react";
import { Children, isValidElement, type ReactNode } from "react";
import { CopyButton } from "../../../components/clipboard";
import css from "./Markdown.module.css";

/**
 * A text of a model, with the marks of Markdown. Nothing of it is loaded or followed: HTML stays text, and
 * images and links are shown as their addresses.
 */
export function Markdown({ text, streaming }: { text: string; streaming: boolean }) {
  return (
    <MarkdownToReact
      className={css.text}
      options={{
        disableParsingRawHTML: true,
        optimizeForStreaming: streaming,
        forceBlock: true,
        forceWrapper: true,
        wrapper: "div",
        overrides: { a: Address, img: Picture, pre: Block, table: Table, input: Box },
      }}
    >
      {text}
    </MarkdownToReact>
  );
}

function Address({ href, children }: { href?: string; children?: ReactNode }) {
  return (
    <span className={css.address} title={href}>
      {children}
    </span>
  );
}

function Picture({ src, alt }: { src?: string; alt?: string }) {
  return (
    <span className={css.address} title={src}>
      [{alt || "picture"}]
    </span>
  );
}

/** The box of a list of tasks, which can't be ticked. */
function Box({ checked }: { checked?: boolean }) {
  return <span>{checked ? "☑ " : "☐ "}</span>;
}

function Table({ children }: { children?: ReactNode }) {
  return (
    <div className={css.table}>
      <table>{children}</table>
    </div>
  );
}

function Block({ children }: { children?: ReactNode }) {
  const [code] = Children.toArray(children);
  const { className, children: content } = isValidElement<{ className?: string; children?: ReactNode }>(code)
    ? code.props
    : { className: undefined, children };
  const language = /(?:^|\s)lang-(\S+)/.exec(className ?? "")?.[1];
  const text = Children.toArray(content).join("");
  return (
    <figure className={css.block}>
      <figcaption>
        <span>{language ?? "code"}</span>
        <CopyButton value={text} what="code" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reached by keyboard */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </figure>
  );
}
