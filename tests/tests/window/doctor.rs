//! A dataset's rows: the bad one is named, the good ones become another file, and a file that other
//! programs write is noticed.

use std::fs;

use serde_json::{Value, json};
use stories::window::{Home, Window};

const ROWS: usize = 12;
const BAD: usize = 6;

#[tokio::test]
async fn a_bad_row_is_named_and_the_rest_is_converted() {
    let home = Home::new();
    let file = home.file("shop.jsonl", examples(BAD));
    home.fts(&["import-dataset", file.to_str().unwrap(), "--name", "Shop"]);
    let window = Window::open(&home).await;
    window.click("Datasets").await;
    window.click_row("Shop").await;
    window.click("Problems").await;
    window.see("Instruction and output (Alpaca)").await;
    window.see("Line 7, in output").await;
    window.see("'output' is empty.").await;
    window.click("Show row 7").await;
    window.see("output in row 7, line 7 of the file").await;

    window.click("Problems").await;
    window.click("Convert…").await;
    window.click("To prompt and completion").await;
    window.click("Choose where…").await;
    let made = home.path("made.jsonl");
    window.choose_place(&made);
    window.see("11 rows written").await;
    window.see("1 left out").await;
    window.click("Import it").await;
    window.see("11 rows in 2 columns").await;
    window.click("Import").await;
    window.see_detail("made").await;
    let made = fs::read_to_string(made).unwrap();
    let first: Value = serde_json::from_str(made.lines().next().unwrap()).unwrap();
    assert_eq!(first["completion"], "intent 0");
    assert_eq!(fs::read_to_string(&file).unwrap(), examples(BAD), "the original was changed");

    // Someone corrects the file while it is on the screen.
    window.click_row("Shop").await;
    window.see("unchanged since it was read").await;
    home.file("shop.jsonl", examples(ROWS));
    window.see("The file has changed").await;
    window.click("Accept it as it is").await;
    window.see("unchanged since it was read").await;
    window.click("Problems").await;
    window.see("No problems found.").await;
    fs::remove_file(&file).unwrap();
    window.see("The file is missing").await;
    window.close().await;
}

/// Rows with instruction and output, which is empty at an index.
fn examples(bad: usize) -> String {
    let row = |at: usize| {
        let output = if at == bad { String::new() } else { format!("intent {at}") };
        json!({"instruction": format!("What is wanted in message {at}?"), "output": output}).to_string()
            + "\n"
    };
    (0..ROWS).map(row).collect()
}
