//! The fields of requests: read one by one, so that one that is wrong is named, and written as columns of a row.

use resources::Described as _;
use schema::{Error, FieldProblem, Result, Row, TableName};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::expected;

/// Reads a request field by field. What its types can't hold is returned beside it, for the rules
/// of the table to refuse in their own words; a field that is no column is refused here.
pub(super) fn read<T: DeserializeOwned>(row: Row, ignored: &[&str], table: TableName) -> Result<(T, Row)> {
    let as_request = |fields: Row| serde_json::from_value::<T>(Value::Object(fields));
    let known = |name: &str| as_request(Row::from_iter([(name.to_owned(), Value::Null)])).is_ok();
    let (mut typed, mut rest) = (Row::new(), Row::new());
    for (name, value) in row.into_iter().filter(|(name, _)| !ignored.contains(&name.as_str())) {
        let mut with_field = typed.clone();
        with_field.insert(name.clone(), value.clone());
        match as_request(with_field.clone()) {
            Ok(_) => typed = with_field,
            Err(_) if known(&name) && table.table().column(&name).is_none() => {
                return Err(refused(&name, expected::refusal(&name, &value)));
            }
            Err(_) => _ = rest.insert(name, value),
        }
    }
    let request = as_request(typed).map_err(|error| Error::internal("reading a request", &error))?;
    Ok((request, rest))
}

/// The values of a request that are columns of the table.
pub(super) fn to_row(request: &impl Serialize, rest: &Row, table: TableName) -> Result<Row> {
    let failed = |error: serde_json::Error| Error::internal("writing a request", &error);
    let fields: Row =
        serde_json::from_value(serde_json::to_value(request).map_err(failed)?).map_err(failed)?;
    let is_column = |name: &str| table.table().column(name).is_some();
    let set = fields.into_iter().filter(|(name, value)| !value.is_null() && is_column(name));
    Ok(set.chain(rest.clone()).collect())
}

/// The refusal of one field.
pub(super) fn refused(column: &str, message: String) -> Error {
    Error::invalid(vec![FieldProblem { column: column.to_owned(), message }])
}
