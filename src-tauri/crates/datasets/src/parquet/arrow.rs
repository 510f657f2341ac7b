//! What Arrow's own schema, which its programs keep in a Parquet file, says of columns that Parquet has no
//! type for.

use arrow_ipc::convert::try_schema_from_ipc_buffer;
use arrow_schema::{DataType, Field, TimeUnit};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use parquet::file::metadata::FileMetaData;

use crate::problem::Problem;

/// The entry of a file's metadata, in Base64.
const KEY: &str = "ARROW:schema";

/// What is read otherwise than it was meant, column by column; nothing where the schema can't be read.
pub(super) fn warnings(metadata: &FileMetaData) -> Vec<Problem> {
    let entry = metadata.key_value_metadata().into_iter().flatten().find(|entry| entry.key == KEY);
    let bytes = entry.and_then(|entry| BASE64_STANDARD.decode(entry.value.as_ref()?).ok());
    let schema = bytes.and_then(|bytes| try_schema_from_ipc_buffer(&bytes).ok());
    let columns = schema.iter().flat_map(|schema| schema.fields());
    columns.filter_map(|column| Some((column.name(), said(column)?))).map(warning).collect()
}

fn warning((name, what): (&String, String)) -> Problem {
    Problem::warning(None, format!("'{name}' holds {what}.")).field(name)
}

/// What is said of a column or, if it is nested, of the first part that something is said of.
fn said(field: &Field) -> Option<String> {
    match field.data_type() {
        DataType::Duration(unit) => {
            Some(format!("durations, which are read as whole numbers of {}", words(*unit)))
        }
        DataType::Timestamp(_, Some(zone)) if !matches!(&**zone, "UTC" | "+00:00" | "Etc/UTC") => {
            Some(format!("times of the zone {zone}, which are read in UTC"))
        }
        DataType::Struct(parts) => parts.iter().find_map(|part| said(part)),
        DataType::List(part)
        | DataType::LargeList(part)
        | DataType::FixedSizeList(part, _)
        | DataType::Map(part, _) => said(part),
        _ => None,
    }
}

const fn words(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Second => "seconds",
        TimeUnit::Millisecond => "milliseconds",
        TimeUnit::Microsecond => "microseconds",
        TimeUnit::Nanosecond => "nanoseconds",
    }
}
