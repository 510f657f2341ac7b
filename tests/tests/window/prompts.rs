//! Write a prompt beside the rows it is for.

use stories::{
    samples,
    window::{Home, Window},
};

#[tokio::test]
async fn write_a_prompt_on_real_rows() {
    let home = Home::new();
    let file = home.file("tickets.csv", samples::tickets_csv(40));
    home.fts(&["import-dataset", file.to_str().unwrap(), "--name", "Tickets"]);
    let window = Window::open(&home).await;

    window.click("Prompts").await;
    window.click("New prompt").await;
    window.fill("Name", "Intent").await;
    // The templates that the columns suggest, and the first row in them.
    window.choose("Dataset", "Tickets").await;
    window.see("Instruction: Please cancel my ticket for the derby. (0)").await;

    // Any row.
    window.click("Next row").await;
    window.see("zurückgeben. (1)").await;
    window.press("alt+Next");
    window.see("(2)").await;
    window.fill("Row", "40").await;
    window.see("(39)").await;

    // A wrong name, and what was meant.
    window.fill("Input", "What is wanted?\n{instruktion}\n").await;
    window.see_beside("Input", "{instruktion} is not a column of the dataset").await;
    window.click("Use {instruction}").await;
    window.see_held("Input", "What is wanted?\n{instruction}\n").await;
    window.click("Add prompt").await;
    window.see_detail("Intent").await;
    window.see("(0)").await;
    window.close().await;
}
