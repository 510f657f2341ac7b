import { Fragment } from "react";
import { specialsOf } from "../../resources/registry";
import { Field } from "./Field";
import css from "./Form.module.css";
import { FormFrame } from "./FormFrame";
import { useFill } from "./notes";
import { type FormProps, useRowForm } from "./useRowForm";
import { isNeeded } from "./values";

/** Creates a row or changes one, by its description alone. */
export function FormDialog(props: FormProps) {
  const { table, editing } = props;
  const state = useRowForm(props);
  const { form, shown } = state;
  const { notes = {}, codeIs } = specialsOf(table);
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
                language={codeIs?.(form.values) ?? "json"}
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
