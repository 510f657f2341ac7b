//! Values that get a [`crate::Mark`].

use schema::{Affinity, Column, Kind, Table};

/// Whether row `r` has a value that its column should not have, or a reference to no row.
pub(super) fn odd(table: &Table) -> String {
    let odd: Vec<String> = table.columns.iter().map(odd_value).collect();
    format!("({})", odd.join(" OR "))
}

fn odd_value(column: &Column) -> String {
    let value = format!("r.\"{}\"", column.name);
    let others = match column.affinity() {
        Affinity::Text => "'null', 'text'",
        Affinity::Integer => "'null', 'integer'",
        Affinity::Real => "'null', 'integer', 'real'",
    };
    let odd = format!("typeof({value}) NOT IN ({others})");
    match (column.kind, column.affinity()) {
        (Kind::Choice { options }, _) => {
            let known: Vec<String> = options.iter().map(|option| format!("'{}'", option.value)).collect();
            format!("{odd} OR typeof({value}) = 'text' AND {value} NOT IN ({})", known.join(", "))
        }
        (Kind::Reference { table }, _) => format!(
            "{odd} OR typeof({value}) = 'text' AND NOT EXISTS (SELECT 1 FROM \"{table}\" AS s WHERE s.id = {value})"
        ),
        // Infinities have no JSON form and become texts.
        (_, Affinity::Real) => {
            format!("{odd} OR typeof({value}) = 'real' AND abs({value}) > 1.7976931348623157e308")
        }
        _ => odd,
    }
}

/// Rowids and texts of a column.
pub(crate) fn texts(table: &Table, column: &Column) -> String {
    format!(
        "SELECT r.rowid, r.\"{0}\" FROM \"{1}\" AS r WHERE typeof(r.\"{0}\") = 'text'",
        column.name, table.name
    )
}
