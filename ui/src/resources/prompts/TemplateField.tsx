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
  /** The columns of the dataset; empty if unknown. */
  columns: string[];
  /** The problems of the template. */
  problems: TemplateProblem[] | undefined;
  /** Called with the editor when it gets the focus; columns are inserted at its cursor. */
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

/** The problems, with a button for each suggested column. */
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
