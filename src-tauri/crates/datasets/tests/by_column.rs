//! Rows and columns of JSON hold the same.
#![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test stops at the first surprise")]

use std::{fs, path::Path};

use datasets::{Value as Row, each_row};
use platform::Work;
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value, json};

fn rows(path: &Path) -> Vec<String> {
    let mut rows = Vec::new();
    let read = each_row(path, None, 0, &Work::unwatched(), |row| {
        rows.push(Row::Object(row.object()).to_string());
        Ok(())
    });
    assert_eq!(read.unwrap(), rows.len() as u64);
    rows
}

fn values() -> impl Strategy<Value = Value> {
    select(vec![
        json!(null),
        json!(true),
        json!(-7),
        json!(0.5),
        json!("é \"],{"),
        json!(["a", 1]),
        json!({"role": "user"}),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn columns_are_put_together_to_the_rows_that_they_were(
        table in (1..5_usize, 1..6_usize).prop_flat_map(|(width, height)| vec(vec(values(), width), height)),
        pretty in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..table[0].len()).map(|at| format!("c{at}")).collect();
        let row = |row: &Vec<Value>| -> Map<String, Value> { names.iter().cloned().zip(row.iter().cloned()).collect() };
        let list: Vec<_> = table.iter().map(row).collect();
        let column = |at: usize| table.iter().map(move |row| row[at].clone());
        let lists: Map<_, _> = names.iter().enumerate().map(|(at, name)| (name.clone(), column(at).collect())).collect();
        let numbered: Map<_, _> = names
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let numbered = column(at).enumerate().map(|(row, value)| (row.to_string(), value));
                (name.clone(), Value::Object(numbered.collect()))
            })
            .collect();
        let write = |name: &str, value: Value| {
            let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
            fs::write(folder.path().join(name), text).unwrap();
            rows(&folder.path().join(name))
        };
        let expected = write("list.json", json!(list));
        prop_assert_eq!(&write("numbered.json", Value::Object(numbered)), &expected);
        // A column that begins with an object may be the list of rows itself: that is asked.
        if !table[0].iter().any(Value::is_object) {
            prop_assert_eq!(&write("lists.json", Value::Object(lists)), &expected);
        }
    }
}
