//! Importing: what is wrong with a file is said before anything is saved.

use stories::samples;
use stories::window::{Home, Window};

#[tokio::test]
async fn a_file_that_does_not_fit_is_mended_and_imported() {
    let home = Home::new();
    let file = home.file("answers.csv", "question,answer\n1,2\n3,4,5\n");
    let window = Window::open(&home).await;
    window.click("Datasets").await;
    window.click("Import").await;
    window.choose_nothing();
    window.see("No datasets yet").await;

    window.click("Import").await;
    window.choose_file(&file);
    window.see("This row has 3 fields, but the header has 2.").await;
    window.see("Correct the error in the file, then read it again.").await;
    home.file("answers.csv", "question,answer\n1,2\n3,4\n");
    window.click("Read again").await;
    window.see("2 rows in 2 columns").await;
    window.click("Import").await;
    window.see_detail("answers").await;

    // The same name again: the reason stands beside the field, and what was typed stays.
    let other = home.file("tickets.jsonl", samples::tickets_jsonl(200));
    window.click("Import").await;
    window.choose_file(&other);
    window.see("200 rows").await;
    window.fill("Name", "answers").await;
    window.click("Import").await;
    window.see_beside("Name", "already has the name 'answers'").await;
    window.see_held("Name", "answers").await;
    window.fill("Name", "Tickets").await;
    window.click("Import").await;
    window.see_detail("Tickets").await;
    window.close().await;

    assert_eq!(home.fts(&["list", "datasets"])["total"], 2);
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_with_a_way_out() {
    let home = Home::new();
    let empty = home.file("empty.csv", "");
    let good = home.file("good.csv", samples::tickets_csv(10));
    let window = Window::open(&home).await;
    window.click("Datasets").await;
    window.click("Import").await;
    window.choose_file(&empty);
    window.see("empty.csv is empty.").await;
    window.click("Choose another file").await;
    window.choose_file(&good);
    window.see("10 rows").await;
    window.click("Cancel").await;
    window.see("No datasets yet").await;
    window.close().await;
}
