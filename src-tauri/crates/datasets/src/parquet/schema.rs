//! What the columns of a Parquet file say before any row is read.

use std::collections::HashSet;

use parquet::{basic::Type as Physical, schema::types::Type};

use crate::problem::Problem;

/// Columns of one name, and parts of one name within a column: only one of them could be kept.
pub(super) fn repeated_names(root: &Type) -> Vec<Problem> {
    let mut problems = Vec::new();
    add_repeated(root, None, &mut problems);
    problems
}

fn add_repeated(group: &Type, column: Option<&str>, problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for field in group.get_fields() {
        let name = field.name();
        if !seen.insert(name) {
            let message = match column {
                None => format!("Two columns are called '{name}'."),
                Some(column) => format!("Two parts of the column '{column}' are called '{name}'."),
            };
            problems.push(Problem::error(None, message).field(column.unwrap_or(name)));
        }
        if field.is_group() {
            add_repeated(field, Some(column.unwrap_or(name)), problems);
        }
    }
}

/// What is read less exactly than it is written.
pub(super) fn warnings(root: &Type) -> Vec<Problem> {
    let exact = |field: &&std::sync::Arc<Type>| !holds(field, Physical::INT96);
    root.get_fields()
        .iter()
        .filter(|field| !exact(field))
        .map(|field| {
            let name = field.name();
            let message =
                format!("'{name}' holds times in an old form, of which parts of milliseconds are dropped.");
            Problem::warning(None, message).field(name)
        })
        .collect()
}

fn holds(field: &Type, physical: Physical) -> bool {
    match field {
        Type::PrimitiveType { physical_type, .. } => *physical_type == physical,
        Type::GroupType { fields, .. } => fields.iter().any(|field| holds(field, physical)),
    }
}
