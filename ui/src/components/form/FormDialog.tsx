import { Fragment } from "react";
import { Field } from "./Field";
import css from "./Form.module.css";
import { FormFrame } from "./FormFrame";
import { useFill } from "./notes";
import { type FormProps, useRowForm } from "./useRowForm";
import { isNeeded } from "./values";

/** The form of a row, made from the description of its table. */
export function FormDialog(props: FormProps) {
  const { editing, codeLanguage, notes = {} } = props;
  const state = useRowForm(props);
  const { form, shown } = state;
  const fill = useFill(form.values, form.setFieldValue);
  return (
    <FormFrame {...props} state={state} size={640}>
      <div className={css.fields}>
        {shown.map((column, index) => {
          const Note = notes[column.name];
          return (
            <Fragment key={column.name}>
              <Field
                column={column}
                needed={isNeeded(column, form.values)}
                autoFocus={index === 0}
                links={editing?.links ?? []}
                language={codeLanguage?.(form.values) ?? "json"}
                input={form.getInputProps(column.name)}
              />
              {Note && <Note values={form.values} fill={fill} />}
            </Fragment>
          );
        })}
      </div>
    </FormFrame>
  );
}
