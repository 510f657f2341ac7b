//! The descriptions of the resources as TypeScript, beside the types that derive it themselves.

use std::fmt::Write as _;

use crate::{Column, Kind, Table};

/// A type for the rows of each table.
pub fn row_types(tables: &[&Table]) -> String {
    let mut text = String::from(
        "/** Any JSON value. */\nexport type JsonValue = Value;\n\n/** A row keyed by column name, in declaration order. */\nexport type Row = { [key in string]: JsonValue };\n\n",
    );
    for table in tables {
        let _ = writeln!(text, "/** A row of `{}`. */\nexport type {}Row = {{", table.name, table.type_name);
        for column in table.columns {
            let _ = writeln!(text, "\t{}: {};", column.name, type_of(column));
        }
        text.push_str("};\n\n");
    }
    text
}

/// The icon of each table, imported one by one so that a bundler leaves out all others.
pub fn icons(tables: &[&Table]) -> String {
    let mut names: Vec<_> = tables.iter().map(|table| table.icon).collect();
    names.sort_unstable();
    names.dedup();
    let mut text = format!(
        "import {{ {}, type IconProps }} from \"@tabler/icons-react\";\nimport type {{ ComponentType }} from \"react\";\n         import type {{ TableName }} from \"./index\";\n\n/** Each resource's icon. */\n         export const icons: Record<TableName, ComponentType<IconProps>> = {{\n",
        names.join(", ")
    );
    for table in tables {
        let _ = writeln!(text, "\t{}: {},", table.name, table.icon);
    }
    text.push_str("};\n");
    text
}

fn type_of(column: &Column) -> String {
    let value = match column.kind {
        Kind::Id => return "string".to_owned(),
        Kind::Integer { .. } | Kind::Number { .. } => "number".to_owned(),
        Kind::Choice { options } => {
            let known: Vec<String> = options.iter().map(|option| format!("\"{}\"", option.value)).collect();
            // Rows that other programs wrote may hold other texts.
            format!("{} | (string & {{}})", known.join(" | "))
        }
        _ => "string".to_owned(),
    };
    format!("{value} | null")
}
