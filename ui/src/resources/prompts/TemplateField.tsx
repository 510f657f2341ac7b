import type { EditorView } from "@codemirror/view";
import { Button } from "@mantine/core";
import { type ComponentProps, useMemo } from "react";
import type { TemplateProblem } from "../../bindings";
import { CodeField } from "../../components/editor/CodeField";
import type { Place } from "../../components/editor/problems";
import css from "./PromptForm.module.css";
import { templateMarks } from "./templateMarks";

type Props = Omit<
  ComponentProps<typeof CodeField>,
  "problems" | "extensions" | "language" | "onView" | "onChange"
> & {
  onChange: (text: string) => void;
  /** The columns that can be named; empty when they aren't known. */
  columns: string[];
  /** What is wrong with the template. */
  problems: TemplateProblem[] | undefined;
  /** Called with the editor whenever it is entered, so that columns can be put where its cursor was. */
  onEnter: (view: EditorView) => void;
};

/** An editor for a template over a dataset's columns. */
export function TemplateField({ columns, problems = [], onEnter, description, error, ...field }: Props) {
  const names = JSON.stringify(columns);
  const extensions = useMemo(() => [templateMarks(JSON.parse(names))], [names]);
  const problemText = JSON.stringify(problems);
  const places = useMemo(() => (JSON.parse(problemText) as TemplateProblem[]).map(placeOf), [problemText]);
  const replace = (from: string, to: string) => field.onChange(field.value.replaceAll(from, to));
  const remarks = problems.length > 0 && <Remarks problems={problems} onReplace={replace} />;
  return (
    <CodeField
      {...field}
      language="text"
      extensions={extensions}
      problems={places}
      description={(!error && remarks) || description}
      error={error && (remarks || error)}
      onView={(view) => view.contentDOM.addEventListener("focus", () => onEnter(view))}
    />
  );
}

type RemarksProps = { problems: TemplateProblem[]; onReplace: (from: string, to: string) => void };

/** What is wrong, each with the column that was probably meant. */
function Remarks({ problems, onReplace }: RemarksProps) {
  return problems.map(({ line, character, message, unknown, suggestion }) => (
    <span key={`${line}:${character}`} className={css.remark}>
      Line {line}, character {character}: {message}
      {unknown !== null && suggestion !== null && (
        <Button
          variant="light"
          size="compact-xs"
          onClick={() => onReplace(`{${unknown}}`, `{${suggestion}}`)}
        >
          Use {`{${suggestion}}`}
        </Button>
      )}
    </span>
  ));
}

function placeOf({ line, character, length, message, suggestion }: TemplateProblem): Place {
  const text = `{${suggestion}}`;
  return { line, character, length, message, ...(suggestion && { fix: { label: `Use ${text}`, text } }) };
}
