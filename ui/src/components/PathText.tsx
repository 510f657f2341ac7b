import css from "./PathText.module.css";

/** A path in little room: the folders at its beginning give way before the name at its end does. */
export function PathText({ path }: { path: string }) {
  return (
    <span className={css.path} title={path}>
      <bdi dir="ltr">{path}</bdi>
    </span>
  );
}
